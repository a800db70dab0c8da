"""Makes the checkpoints under src/test/resources/goldens/tasks with what the reference's pipelines answer.

Run it from the module's folder, in a Python environment with torch, tokenizers and transformers 4.57, the last that has
the question-answering pipeline and whose tokenizers give windows whole (tokenizers 0.23 lost what was beyond the first):

    python src/test/python/make_task_goldens.py src/test/resources/goldens/tasks

Each case is a checkpoint in Hub layout with random weights, and a golden.json with calls: inputs, parameters as clients
send them, and results. In a newer environment, `--check` compares the calls that are still possible with what it answers.

Embeddings are pooled here, from the reference's states, as sentence-transformers defines it (models/Pooling.py).
"""

import json
import pathlib
import sys

import tokenizers
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (BertConfig, BertForMaskedLM, BertForQuestionAnswering, BertForSequenceClassification,
                          BertForTokenClassification, MPNetConfig, MPNetModel, PreTrainedTokenizerFast, RobertaConfig,
                          RobertaForMaskedLM, RobertaForQuestionAnswering, XLMRobertaConfig,
                          XLMRobertaForTokenClassification, BertModel)

CORPUS = """Ada Lovelace met Charles Babbage in London in 1833 and wrote the first program
The parcel left Zürich on Monday and reached New York on Friday
Marie Curie was born in Warsaw, worked in Paris and won two prizes
the queue loads the quiet region with great care
der schnelle Zug fährt von Köln nach München, le café est fermé
Who wrote the first program? Where was she born? When did it arrive?
is the capital of a country, the river runs through the city again and again""".split("\n")
TEXTS = [
    "Ada Lovelace met Charles Babbage in London.",
    "Marie Curie worked in Paris, 世界 and Zürich!",
    "😀 the parcel reached New York on Friday; the café closed",
    "London",
    "unbelievable Warsawish Babbages don't stop",
]
LONG = (" ".join(CORPUS[:4]) + " 😀 ") * 2
CONTEXT = CORPUS[2] + ". " + CORPUS[0] + "."
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC"]


def word_pieces():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=False)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    t.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=160, special_tokens=special, show_progress=False))
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return PreTrainedTokenizerFast(
        tokenizer_object=t, model_max_length=48, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_input_names=["input_ids", "token_type_ids", "attention_mask"])


def bytes_of_words():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=330, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return fairseq(t, 48)


def pieces():
    t = Tokenizer(models.Unigram())
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    t.train_from_iterator(CORPUS, trainers.UnigramTrainer(
        vocab_size=140, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return fairseq(t, 48)


def fairseq(t, length):
    return PreTrainedTokenizerFast(
        tokenizer_object=t, model_max_length=length, pad_token="<pad>", unk_token="<unk>", cls_token="<s>", sep_token="</s>",
        bos_token="<s>", eos_token="</s>", mask_token=tokenizers.AddedToken("<mask>", lstrip=True, normalized=False),
        model_input_names=["input_ids", "attention_mask"])


SIZES = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, hidden_dropout_prob=0.0,
             attention_probs_dropout_prob=0.0, initializer_range=0.5)


def save(folder, tokenizer, kind, config, seed, scale=1.0):
    torch.manual_seed(seed)
    model = kind(config(vocab_size=len(tokenizer), max_position_embeddings=48 if config is BertConfig else 50, **SIZES))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias") or "LayerNorm" in name:
                parameter.add_(torch.randn_like(parameter) * 0.1)
            if name.startswith(("classifier", "qa_outputs")):
                parameter.mul_(scale)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return model.eval()


def fairseq_config(kind, **more):
    return lambda **values: kind(pad_token_id=1, bos_token_id=0, eos_token_id=2, **{"type_vocab_size": 1, **values, **more})


def labelled(kind, labels, **more):
    return lambda **values: kind(
        id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)}, **values, **more)


def bert_config(**values):
    return BertConfig(**values)


def calls(task, model, tokenizer, requests):
    from transformers import pipeline
    answer = pipeline(task, model=model, tokenizer=tokenizer, device="cpu")
    out = []
    for inputs, parameters in requests:
        given = dict(parameters)
        arguments = dict(inputs) if task == "question-answering" else {}
        if task == "text-classification":
            given = {"top_k": None, **given}
        if "stride" in given:
            # Set for good: the parameter alone does not reach every version's tokenizer.
            given["stride"] = int(given["stride"])
        result = answer(**arguments, **given) if arguments else answer(inputs, **given)
        out.append({"inputs": inputs, "parameters": parameters, "result": plain(result)})
    return out


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    return float(f"{value:.8g}") if isinstance(value, float) else value


def fill_mask(tokenizer):
    m = tokenizer.mask_token
    texts = [f"Ada Lovelace met {m} in London.", f"the {m} left Zürich on {m}", f"{m}", f"a  {m}  b"]
    requests = [(t, {}) for t in texts] + [
        (texts[0], {"top_k": 2}), (texts[0], {"targets": ["the", "Marie", "unknownword", "the"]}),
        (texts[1], {"targets": ["Paris"], "top_k": 3}), (texts[0], {"targets": "in", "top_k": 9})]
    return requests


def token_classification(strategies=("none", "simple", "first", "average", "max")):
    requests = [(t, {"aggregation_strategy": s}) for s in strategies for t in TEXTS]
    requests += [(TEXTS[0], {"aggregation_strategy": "simple", "ignore_labels": ["O", "PER"]}),
                 (TEXTS[0], {"ignore_labels": []}), (LONG, {"aggregation_strategy": "simple"})]
    return requests + [(LONG, {"aggregation_strategy": s, "stride": n}) for s in ("simple", "first", "max") for n in (0, 7)]


def question_answering():
    ask = lambda q, c, **parameters: ({"question": q, "context": c}, parameters)
    q = "Who wrote the program?"
    out = [ask(q, CONTEXT), ask("Where?", TEXTS[1]), ask("When did it arrive?", TEXTS[2]), ask(q, "London")]
    for parameters in (dict(top_k=3), dict(top_k=4, align_to_words=False), dict(top_k=3, handle_impossible_answer=True),
                       dict(max_answer_len=1, top_k=2), dict(max_answer_len=40, top_k=3), dict(max_seq_len=30, doc_stride=6, top_k=3),
                       dict(max_seq_len=24, doc_stride=0, top_k=2, handle_impossible_answer=True)):
        out.append(ask(q, CONTEXT, **parameters))
    out.append(ask("Where?", LONG, top_k=3, doc_stride=10))
    out.append(ask("Where?", LONG, top_k=2, doc_stride=16, max_seq_len=36, align_to_words=False))
    return out


PAIRS = [{"text": TEXTS[0], "text_pair": TEXTS[3]}, {"text": TEXTS[3], "text_pair": TEXTS[1]}]


def text_classification():
    out = [(t, {}) for t in TEXTS + PAIRS]
    return out + [(TEXTS[0], {"function_to_apply": f}) for f in ("softmax", "sigmoid", "none")] + [
        (TEXTS[1], {"top_k": 1}), (PAIRS[0], {"top_k": 2, "function_to_apply": "sigmoid"})]


def pooled(states, mode, skipped=0):
    """[tokens, hidden] to [hidden]."""
    t = states[skipped:]
    weights = torch.arange(1 + skipped, 1 + len(states)).unsqueeze(1).float()
    return {"cls": lambda: t[0], "max": lambda: t.max(0).values, "mean": lambda: t.mean(0),
            "mean_sqrt_len_tokens": lambda: t.sum(0) / len(t) ** 0.5,
            "weightedmean": lambda: (t * weights).sum(0) / weights.sum(), "lasttoken": lambda: t[-1]}[mode]()


def features(model, tokenizer, texts, limit, modes, normalize, prompt="", skipped=0):
    vectors = []
    for text in texts:
        with torch.no_grad():
            batch = tokenizer(prompt + text, truncation=True, max_length=limit, return_tensors="pt")
            states = model(**batch).last_hidden_state[0]
        vector = torch.cat([pooled(states, mode, skipped) for mode in modes])
        vectors.append(torch.nn.functional.normalize(vector, dim=0) if normalize else vector)
    return [plain(v.tolist()) for v in vectors]


def write(path, value):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def modules(*more):
    names = ["Transformer", *more]
    return [{"idx": i, "name": str(i), "path": "" if i == 0 else f"{i}_{n}", "type": "sentence_transformers.models." + n}
            for i, n in enumerate(names)]


def embeddings_bert(folder, tokenizer, model):
    out = {"states": [], "calls": []}
    for text in TEXTS:
        with torch.no_grad():
            out["states"].append(plain(model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].tolist()))
    write(folder / "modules.json", modules("Pooling", "Normalize"))
    write(folder / "1_Pooling" / "config.json", {
        "word_embedding_dimension": 16, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True,
        "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False,
        "pooling_mode_weightedmean_tokens": False, "pooling_mode_lasttoken": False, "include_prompt": True})
    write(folder / "sentence_bert_config.json", {"max_seq_length": 12, "do_lower_case": False})
    write(folder / "config_sentence_transformers.json", {"prompts": {"query": "the queue: ", "passage": ""}})
    one = lambda parameters, *rest: out["calls"].append(
        {"inputs": TEXTS, "parameters": parameters, "result": features(model, tokenizer, TEXTS, 12, *rest)})
    one({}, ["mean"], True)
    one({"normalize": False}, ["mean"], False)
    one({"prompt_name": "query"}, ["mean"], True, "the queue: ")
    for mode in ("cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"):
        one({"pooling": mode, "normalize": False}, [mode], False)
    return out


def embeddings_mpnet(folder, tokenizer, model):
    write(folder / "modules.json", modules("Pooling"))
    write(folder / "1_Pooling" / "config.json", {
        "word_embedding_dimension": 16, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True,
        "include_prompt": False})
    write(folder / "config_sentence_transformers.json", {
        "prompts": {"query": "Where was: "}, "default_prompt_name": "query"})
    skipped = len(tokenizer("Where was: ")["input_ids"]) - 1
    return {"calls": [{"inputs": TEXTS, "parameters": {}, "result": features(
        model, tokenizer, TEXTS, 48, ["cls", "mean"], False, "Where was: ", skipped)}]}


def cases(root):
    entail = ["contradiction", "neutral", "entailment"]
    yield "fill-mask-bert", word_pieces(), BertForMaskedLM, bert_config, fill_mask
    yield "fill-mask-roberta", bytes_of_words(), RobertaForMaskedLM, fairseq_config(RobertaConfig), fill_mask
    yield "tokens-bert", word_pieces(), BertForTokenClassification, labelled(BertConfig, LABELS), token_classification
    yield "tokens-xlm-roberta", pieces(), XLMRobertaForTokenClassification, fairseq_config(
        labelled(XLMRobertaConfig, LABELS)), token_classification
    yield "answers-bert", word_pieces(), BertForQuestionAnswering, bert_config, question_answering
    yield "answers-roberta", bytes_of_words(), RobertaForQuestionAnswering, fairseq_config(RobertaConfig), question_answering
    yield "labels-bert", word_pieces(), BertForSequenceClassification, labelled(BertConfig, entail), text_classification
    yield "labels-multi", word_pieces(), BertForSequenceClassification, labelled(
        BertConfig, entail, problem_type="multi_label_classification"), text_classification
    yield "labels-regression", word_pieces(), BertForSequenceClassification, labelled(
        BertConfig, ["LABEL_0"], problem_type="regression"), text_classification
    yield "labels-one", word_pieces(), BertForSequenceClassification, labelled(BertConfig, ["LABEL_0"]), text_classification
    yield "features-bert", word_pieces(), BertModel, bert_config, embeddings_bert
    yield "features-mpnet", pieces(), MPNetModel, fairseq_config(MPNetConfig), embeddings_mpnet


TASKS = {"fill": "fill-mask", "tokens": "token-classification", "answers": "question-answering", "labels": "text-classification"}


def main(root):
    versions = {"script": "make_task_goldens.py", "torch": torch.__version__, "transformers": transformers.__version__,
                "tokenizers": tokenizers.__version__}
    for seed, (name, tokenizer, kind, config, requests) in enumerate(cases(root), 21):
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        model = save(folder, tokenizer, kind, config, seed, 3.0 if name.startswith(("tokens", "answers")) else 1.0)
        task = TASKS.get(name.split("-")[0])
        golden = {"made_by": {**versions, "seed": seed}}
        if task:
            arguments = (tokenizer,) if task == "fill-mask" else ()
            golden["calls"] = calls(task, model, tokenizer, requests(*arguments))
        else:
            golden.update(requests(folder, tokenizer, model))
        text = json.dumps(golden, ensure_ascii=False, separators=(",", ":")).replace('{"inputs"', '\n{"inputs"')
        (folder / "golden.json").write_text(text + "\n", encoding="utf-8")
        print(name, len(tokenizer), len(golden["calls"]))


def close(a, b):
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(close, a, b))
    return abs(a - b) < 1e-4 if isinstance(a, float) and isinstance(b, float) else a == b


def check(root):
    from transformers import AutoConfig
    for folder in sorted(root.iterdir()):
        task = TASKS.get(folder.name.split("-")[0])
        if task in (None, "question-answering"):
            continue
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
        kind = getattr(transformers, AutoConfig.from_pretrained(folder).architectures[0])
        golden = [c for c in json.loads((folder / "golden.json").read_text())["calls"] if "stride" not in c["parameters"]]
        answers = calls(task, kind.from_pretrained(folder).eval(), tokenizer, [(c["inputs"], c["parameters"]) for c in golden])
        for expected, answer in zip(golden, answers):
            if not close(expected, answer):
                print("DIFFERS", folder.name, expected, answer)
        print(folder.name, len(golden), "compared")


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1] == "--check":
        check(pathlib.Path(sys.argv[2]))
    else:
        main(pathlib.Path(sys.argv[1]))
