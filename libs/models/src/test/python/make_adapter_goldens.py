"""Makes src/test/resources/goldens/adapters: LoRA adapters of the shipped checkpoints, made and run by PEFT.

Run it from the module's folder, after the other generators, in a Python environment with torch, transformers and peft:

    python src/test/python/make_adapter_goldens.py src/test/resources/goldens

Each folder holds an adapter that has random values, so that it changes something, and golden.json: the checkpoint that it is
for, the layers that it changes, logits through it on that checkpoint's own inputs, and the losses of five AdamW steps that
begin with it. Two small decoders are made here too (`decoders-with-text`), with the tokenizer of base-model.
"""

import json
import pathlib
import shutil
import sys

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

torch.set_num_threads(1)

# PEFT 0.21 asks for it by the name that it had before transformers 5.
if not hasattr(transformers.GenerationMixin, "_prepare_encoder_decoder_kwargs_for_generation"):
    transformers.GenerationMixin._prepare_encoder_decoder_kwargs_for_generation = (
        transformers.GenerationMixin._prepare_text_encoder_decoder_kwargs_for_generation)

TEXTS = ["the quick brown fox jumps over the lazy dog", "a small model", "words and more words, to be continued"]

# name: (base, options of LoraConfig)
ADAPTERS = {
    "distilbert-text-classification": ("encoders/distilbert-text-classification", dict(
        task_type="SEQ_CLS", r=4, lora_alpha=6, target_modules=["q_lin", "v_lin", "lin1"],
        rank_pattern={"layer.0.attention.q_lin": 2}, alpha_pattern={"v_lin": 3})),
    "deberta-v2-text-classification": ("encoders/deberta-v2-text-classification", dict(
        task_type="SEQ_CLS", r=3, lora_alpha=2, use_rslora=True, target_modules="all-linear")),
    "bert-token-classification": ("encoders/bert-token-classification", dict(
        task_type="TOKEN_CLS", r=2, target_modules=r".*\.layer\.\d+\.(attention\.self\.(query|key)|output\.dense)")),
    "roberta-question-answering": ("encoders/roberta-question-answering", dict(
        task_type="QUESTION_ANS", r=4, target_modules=["query", "value"], layers_to_transform=[1])),
    "distilbert-fill-mask": ("encoders/distilbert-fill-mask", dict(r=2, target_modules="all-linear")),
    "distilbert-features": ("encoders/distilbert-features", dict(
        task_type="FEATURE_EXTRACTION", r=2, target_modules=["q_lin"], exclude_modules=["layer.0.attention.q_lin"])),
    "gpt2-text-generation": ("decoders-with-text/gpt2", dict(
        task_type="CAUSAL_LM", r=4, target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True)),
    "llama-text-generation": ("decoders-with-text/llama", dict(
        task_type="CAUSAL_LM", r=4, lora_alpha=16, target_modules="all-linear", modules_to_save=["lm_head"])),
    "llama-with-embeddings": ("decoders-with-text/llama", dict(
        task_type="CAUSAL_LM", r=2, target_modules=["q_proj"], modules_to_save=["embed_tokens"])),
    "bart-summarization": ("seq2seq/bart-tied", dict(task_type="SEQ_2_SEQ_LM", r=2, target_modules="all-linear")),
    "t5-translation": ("seq2seq/t5-relu-tied", dict(task_type="SEQ_2_SEQ_LM", r=2, target_modules=["wi", "wo", "o"])),
    "vit-image-classification": ("vision/vit", dict(
        r=4, target_modules=["q_proj", "v_proj"], modules_to_save=["classifier"])),
}


def values(tensor):
    return dict(shape=list(tensor.shape), data=[round(float(x), 6) for x in tensor.detach().flatten()])


def decoder(folder, root, model):
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(root / "base-model" / name, folder / name)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=torch.Generator().manual_seed(p.numel())) * 0.2
                    + (1.0 if p.dim() == 1 and p.mean() > 0.5 else 0.0))
    model.save_pretrained(folder)
    tok = AutoTokenizer.from_pretrained(folder)
    batch = tok(TEXTS, padding=True, return_tensors="pt")
    labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
    (folder / "golden.json").write_text(json.dumps(dict(
        inputs={k: batch[k].tolist() for k in ("input_ids", "attention_mask")},
        training=dict(labels=labels.tolist()))) + "\n")


def decoders(root):
    torch.manual_seed(5)
    size = len(AutoTokenizer.from_pretrained(root / "base-model"))
    ends = dict(bos_token_id=2, eos_token_id=3, pad_token_id=0)
    decoder(root / "decoders-with-text/gpt2", root, GPT2LMHeadModel(GPT2Config(
        vocab_size=size, n_embd=16, n_layer=2, n_head=2, n_positions=64, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, **ends)))
    decoder(root / "decoders-with-text/llama", root, LlamaForCausalLM(LlamaConfig(
        vocab_size=size, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=64, **ends)))


def load(folder):
    config = json.loads((folder / "config.json").read_text())
    torch.manual_seed(0)
    return getattr(transformers, config["architectures"][0]).from_pretrained(folder)


def batch_of(golden):
    batch = {}
    for name, value in golden["inputs"].items():
        if name == "pixel_values":
            batch[name] = torch.tensor(value["data"]).reshape(value["shape"])
        elif name in ("input_ids", "attention_mask", "token_type_ids", "decoder_input_ids", "decoder_attention_mask"):
            batch[name] = torch.tensor(value)
    return batch


def labels_of(golden):
    labels = golden["training"]["labels"]
    if isinstance(labels, dict):
        return {k: torch.tensor(v) for k, v in labels.items()}
    return dict(labels=torch.tensor(labels))


def outputs(model, batch):
    model.eval()
    with torch.no_grad():
        out = model(**batch)
    names = [n for n in ("logits", "last_hidden_state", "start_logits", "end_logits") if getattr(out, n, None) is not None]
    return {name: values(getattr(out, name)) for name in names}


def losses(model, batch, labels):
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    result = []
    for _ in range(5):
        loss = model(**batch, **labels).loss
        result.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return result


def adapter(root, name, base, options):
    golden = json.loads((root / base / "golden.json").read_text())
    folder = root / "adapters" / name
    model = get_peft_model(load(root / base), LoraConfig(init_lora_weights=False, **options))
    with torch.no_grad():
        torch.manual_seed(len(name))
        for n, p in model.named_parameters():
            if p.requires_grad and "lora_" not in n:
                p.add_(torch.randn_like(p) * 0.05)
            if "lora_B" in n:
                p.mul_(0.3)
    model.peft_config["default"].base_model_name_or_path = "tiny/" + name
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    batch = batch_of(golden)
    result = dict(
        made_by=dict(script="make_adapter_goldens.py", torch=torch.__version__, transformers=transformers.__version__,
                     peft=peft.__version__),
        base=base, changed=sorted({n.split(".lora_A")[0].removeprefix("base_model.model.")
                                   for n, _ in model.named_parameters() if ".lora_A." in n}))
    model = PeftModel.from_pretrained(load(root / base), folder, is_trainable=True)
    result.update(outputs(model, batch))
    if "training" in golden:
        batch.pop("decoder_input_ids", None)
        result["losses"] = losses(model, batch, labels_of(golden))
    (folder / "golden.json").write_text(json.dumps(result) + "\n")
    print(name, result.get("losses"), [k for k in result if "logits" in k or "state" in k])


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    decoders(root)
    for name, (base, options) in ADAPTERS.items():
        adapter(root, name, base, options)
