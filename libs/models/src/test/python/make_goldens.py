"""Makes the golden checkpoints under src/test/resources/goldens with the reference implementation.

Run it from the module's folder, in a Python environment with torch, transformers and tokenizers:

    python src/test/python/make_goldens.py src/test/resources/goldens

Each case is a checkpoint in Hub layout with random weights, and a golden.json with the inputs, the reference's token
ids, logits and training losses (the loss before each of five AdamW steps on the whole batch), and what made them.
Weights are scaled up so that the outputs differ clearly between inputs.
"""

import json
import pathlib
import sys

import tokenizers
import torch
import transformers
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification, BertModel

WORDS = """the a my your card order parcel payment app account password refund invoice screen battery is was has not
will broken late lost double wrong slow blocked again today since monday please help me cannot open charged twice
never arrived hello thanks""".split()
TEXTS = [
    "my parcel has not arrived since monday, please help!",
    "charged twice again",
    "the app will not open: account blocked",
    "hello",
    "Unknowable words are split or unknown; payment was wrong, refund my order please, please, please.",
]


def tokenizer(out):
    letters = "abcdefghijklmnopqrstuvwxyz"
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + list("!,.:;?") + WORDS
    tokens += [c for c in letters if c not in tokens] + ["##" + c for c in letters]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    t = tokenizers.Tokenizer(tokenizers.models.WordPiece(vocabulary, unk_token="[UNK]"))
    t.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    t.decoder = tokenizers.decoders.WordPiece()
    special = [(s, vocabulary[s]) for s in ("[CLS]", "[SEP]")]
    t.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=special)
    t.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=t, model_max_length=40, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", mask_token="[MASK]")
    fast.save_pretrained(out)
    return fast, len(tokens)


def config(vocabulary, **changes):
    values = dict(
        vocab_size=vocabulary, hidden_size=24, num_hidden_layers=3, num_attention_heads=3, intermediate_size=40,
        max_position_embeddings=48, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.3)
    return BertConfig(**{**values, **changes})


def rounded(tensor):
    return [[round(x, 6) for x in row] for row in tensor.tolist()]


def losses(model, batch, labels, lr):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    values = []
    for _ in range(5):
        loss = model(**batch, labels=labels).loss
        values.append(round(loss.item(), 6))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return values


def case(root, name, seed, labels, **changes):
    out = root / name
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    tok, vocabulary = tokenizer(out)
    names = dict(id2label=dict(enumerate(labels)), label2id={l: i for i, l in enumerate(labels)})
    model = BertForSequenceClassification(config(vocabulary, **names, **changes))
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if parameter_name.endswith("bias") or "LayerNorm" in parameter_name:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    model.save_pretrained(out)
    model.eval()
    batch = tok(TEXTS, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        logits = model(**batch).logits
    multi = model.config.problem_type == "multi_label_classification"
    if multi:
        truth = [[i for i in range(len(labels)) if (row + i) % 3 == 0] for row in range(len(TEXTS))]
        target = torch.tensor([[float(i in row) for i in range(len(labels))] for row in truth])
    else:
        truth = [[row % len(labels)] for row in range(len(TEXTS))]
        target = torch.tensor([row[0] for row in truth])
    golden = dict(
        made_by=dict(script="make_goldens.py", torch=torch.__version__, transformers=transformers.__version__, seed=seed),
        texts=TEXTS,
        ids=[tok(text, truncation=True)["input_ids"] for text in TEXTS],
        logits=rounded(logits),
        training=dict(learning_rate=2e-3, labels=truth, losses=losses(model, batch, target, 2e-3)))
    (out / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")


def base(root, name, seed, kind):
    """A checkpoint without a classification head, to be fine-tuned."""
    out = root / name
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    _, vocabulary = tokenizer(out)
    kind(config(vocabulary, hidden_size=16, num_attention_heads=2, num_hidden_layers=2)).save_pretrained(out)


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    case(target, "single-label", 11, ["billing", "delivery", "account", "device", "other"])
    case(target, "multi-label", 12, ["urgent", "angry", "refund", "question"], hidden_size=32, num_attention_heads=2,
         num_hidden_layers=1, hidden_act="gelu_new", problem_type="multi_label_classification")
    case(target, "relu-one-type", 13, ["no", "yes"], hidden_act="relu", type_vocab_size=1, layer_norm_eps=1e-6,
         num_attention_heads=6, pad_token_id=0)
    base(target, "base-model", 14, BertModel)
    base(target, "base-masked-lm", 15, BertForMaskedLM)
