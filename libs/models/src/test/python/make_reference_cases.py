"""Makes the cases under src/test/resources/goldens/encoders and .../vision with the reference implementation.

Run it from the module's folder, in a Python environment with torch and transformers:

    python src/test/python/make_reference_cases.py src/test/resources/goldens [name ...]

Each case is a tiny checkpoint with random weights (no tokenizer: its inputs are ids or pixels) and a golden.json: inputs
in a batch of unequal lengths, the reference's outputs, the losses before each of five AdamW steps on the whole batch in
training mode without dropout, and what made them. Every case has options that differ from the defaults.
"""

import copy
import json
import pathlib
import sys

import torch
import transformers
from transformers import (CamembertConfig, DebertaV2Config, DistilBertConfig, ElectraConfig, MPNetConfig, ResNetConfig,
                          RobertaConfig, BertConfig, ViTConfig, XLMRobertaConfig)

TASKS = {
    "Model": "feature-extraction",
    "ForMaskedLM": "fill-mask",
    "ForSequenceClassification": "text-classification",
    "ForTokenClassification": "token-classification",
    "ForQuestionAnswering": "question-answering",
    "ForImageClassification": "image-classification",
}
LENGTHS = [11, 4, 7]
LABELS = ["O", "B-PER", "I-PER", "B-LOC"]


def bert(**changes):
    return BertConfig(**dict(vocab_size=61, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                             intermediate_size=28, max_position_embeddings=20, hidden_dropout_prob=0.0,
                             attention_probs_dropout_prob=0.0, initializer_range=0.3) | changes)


def like_bert(kind, **defaults):
    return lambda **changes: kind(**{**bert().to_dict(), **dict(pad_token_id=1, max_position_embeddings=20),
                                     **defaults, **changes})


roberta = like_bert(RobertaConfig, type_vocab_size=1)
xlm_roberta = like_bert(XLMRobertaConfig, type_vocab_size=1)
camembert = like_bert(CamembertConfig, type_vocab_size=1)
mpnet = like_bert(MPNetConfig)
electra = like_bert(ElectraConfig, pad_token_id=0, embedding_size=12)
deberta = like_bert(DebertaV2Config, pad_token_id=0, type_vocab_size=0, relative_attention=True,
                    position_biased_input=False, pos_att_type=["p2c", "c2p"], layer_norm_eps=1e-7,
                    norm_rel_ebd="layer_norm", share_att_key=True, position_buckets=4, max_relative_positions=-1)


def distilbert(**changes):
    return DistilBertConfig(**dict(vocab_size=61, dim=16, n_layers=2, n_heads=2, hidden_dim=28, qa_dropout=0.0,
                                   max_position_embeddings=20, dropout=0.0, attention_dropout=0.0,
                                   seq_classif_dropout=0.0, initializer_range=0.3) | changes)


def vit(**changes):
    return ViTConfig(**dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=28,
                            image_size=12, patch_size=4, initializer_range=0.3) | changes)


def resnet(**changes):
    return ResNetConfig(**dict(embedding_size=8, hidden_sizes=[8, 12], depths=[1, 2], layer_type="basic") | changes)


ENCODERS = {
    "bert-fill-mask-untied": ("BertForMaskedLM", bert(tie_word_embeddings=False, hidden_act="relu", pad_token_id=3)),
    "bert-token-classification": ("BertForTokenClassification", bert(type_vocab_size=3, num_attention_heads=4)),
    "distilbert-features": ("DistilBertModel", distilbert(sinusoidal_pos_embds=True, activation="relu")),
    "distilbert-fill-mask": ("DistilBertForMaskedLM", distilbert(n_heads=4)),
    "distilbert-fill-mask-untied": ("DistilBertForMaskedLM", distilbert(tie_word_embeddings=False, pad_token_id=2)),
    "distilbert-text-classification": ("DistilBertForSequenceClassification", distilbert(activation="gelu_new")),
    "distilbert-token-classification": ("DistilBertForTokenClassification", distilbert(n_layers=1)),
    "distilbert-question-answering": ("DistilBertForQuestionAnswering", distilbert(dim=24, n_heads=3)),
    "roberta-features": ("RobertaModel", roberta(type_vocab_size=2, layer_norm_eps=1e-5)),
    "roberta-fill-mask-untied": ("RobertaForMaskedLM", roberta(tie_word_embeddings=False, hidden_act="silu")),
    "roberta-text-classification": ("RobertaForSequenceClassification", roberta(pad_token_id=4)),
    "roberta-question-answering": ("RobertaForQuestionAnswering", roberta(num_attention_heads=4)),
    "xlm-roberta-fill-mask": ("XLMRobertaForMaskedLM", xlm_roberta(layer_norm_eps=1e-5)),
    "xlm-roberta-token-classification": ("XLMRobertaForTokenClassification", xlm_roberta(hidden_act="quick_gelu")),
    "camembert-text-classification": ("CamembertForSequenceClassification", camembert(num_hidden_layers=1)),
    "electra-features": ("ElectraModel", electra(embedding_size=16, hidden_act="relu")),
    "electra-fill-mask": ("ElectraForMaskedLM", electra(embedding_size=20)),
    "electra-fill-mask-untied": ("ElectraForMaskedLM", electra(tie_word_embeddings=False, hidden_act="gelu_new")),
    "electra-text-classification": ("ElectraForSequenceClassification", electra(summary_last_dropout=0.3)),
    "electra-token-classification": ("ElectraForTokenClassification", electra(type_vocab_size=1)),
    "electra-question-answering": ("ElectraForQuestionAnswering", electra(num_attention_heads=4)),
    "deberta-v2-features": (
        "DebertaV2Model", deberta(position_biased_input=True, type_vocab_size=2, share_att_key=False,
                                  norm_rel_ebd="none", position_buckets=-1, embedding_size=12)),
    "deberta-v2-fill-mask": ("DebertaV2ForMaskedLM", deberta(embedding_size=12, pos_att_type="c2p|p2c")),
    "deberta-v2-fill-mask-untied": ("DebertaV2ForMaskedLM", deberta(tie_word_embeddings=False, position_buckets=6)),
    "deberta-v2-fill-mask-new-head": ("DebertaV2ForMaskedLM", deberta(legacy=False, hidden_act="gelu_new")),
    "deberta-v2-text-classification": (
        "DebertaV2ForSequenceClassification", deberta(share_att_key=False, pos_att_type=["c2p"], cls_dropout=0.0,
                                                      pooler_hidden_act="tanh", max_relative_positions=5,
                                                      position_buckets=-1)),
    "deberta-v2-token-classification": (
        "DebertaV2ForTokenClassification", deberta(conv_kernel_size=3, conv_act="gelu", position_buckets=8)),
    "deberta-v2-question-answering": (
        "DebertaV2ForQuestionAnswering", deberta(conv_kernel_size=5, conv_groups=2, share_att_key=False,
                                                 pos_att_type=["p2c"], max_relative_positions=12)),
    "deberta-v2-absolute": (
        "DebertaV2ForSequenceClassification", deberta(relative_attention=False, position_biased_input=True)),
    "mpnet-features": ("MPNetModel", mpnet(relative_attention_num_buckets=40, num_attention_heads=4)),
    "mpnet-fill-mask": ("MPNetForMaskedLM", mpnet(hidden_act="relu")),
    "mpnet-fill-mask-untied": ("MPNetForMaskedLM", mpnet(tie_word_embeddings=False, layer_norm_eps=1e-5)),
    "mpnet-text-classification": ("MPNetForSequenceClassification", mpnet(pad_token_id=5)),
    "mpnet-token-classification": ("MPNetForTokenClassification", mpnet(max_position_embeddings=80)),
    "mpnet-question-answering": ("MPNetForQuestionAnswering", mpnet(hidden_size=24, num_attention_heads=3)),
}
# Long enough for buckets that hold several distances.
LONG = {"mpnet-token-classification": [75, 20], "deberta-v2-fill-mask": [19, 12], "deberta-v2-token-classification": [20, 9]}

VISION = {
    "vit": ("ViTForImageClassification", vit(qkv_bias=False, hidden_act="gelu_new", layer_norm_eps=1e-6)),
    "vit-rectangular": (
        "ViTForImageClassification", vit(image_size=[13, 8], patch_size=[4, 2], num_channels=1, num_attention_heads=4)),
    "resnet-basic": ("ResNetForImageClassification", resnet(hidden_act="silu", downsample_in_first_stage=True)),
    "resnet-bottleneck": (
        "ResNetForImageClassification", resnet(layer_type="bottleneck", hidden_act="gelu", num_channels=1)),
    "resnet-bottleneck-early": (
        "ResNetForImageClassification", resnet(layer_type="bottleneck", downsample_in_bottleneck=True,
                                               hidden_sizes=[16, 12], depths=[2, 1])),
}


def perturbed(model):
    """Normalisations and biases begin at ones and zeros, which would hide mistakes."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.1)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(0, 0.2)
            elif name.endswith("running_var"):
                buffer.uniform_(0.5, 1.5)
            elif name.endswith("num_batches_tracked"):
                buffer.fill_(7)
    return model


def text_batch(config, lengths):
    padding = config.pad_token_id if config.model_type != "mpnet" else 1
    shape = (len(lengths), max(lengths))
    ids = torch.randint(6, config.vocab_size, shape)
    mask = torch.tensor([[int(i < n) for i in range(shape[1])] for n in lengths])
    batch = dict(input_ids=torch.where(mask.bool(), ids, padding), attention_mask=mask)
    types = getattr(config, "type_vocab_size", 0)
    if types > 1:
        batch["token_type_ids"] = torch.randint(0, types, shape) * mask
    return batch


def image_batch(config):
    height, width = config.image_size if isinstance(getattr(config, "image_size", 0), (list, tuple)) else (
        [getattr(config, "image_size", 24)] * 2)
    return dict(pixel_values=torch.rand(3, config.num_channels, height, width).round(decimals=3) * 2 - 1)


def labels_of(task, config, batch):
    if task in ("text-classification", "image-classification"):
        return dict(labels=torch.tensor([0, 2, 1][:len(next(iter(batch.values())))]))
    if task == "question-answering":
        return dict(start_positions=torch.tensor([2, 1, 90]), end_positions=torch.tensor([5, 2, 4]))
    real = batch["attention_mask"].bool()
    if task == "token-classification":
        return dict(labels=torch.where(real, torch.randint(0, config.num_labels, real.shape), -100))
    if task == "fill-mask":
        masked = real & (torch.rand(real.shape) < 0.4)
        return dict(labels=torch.where(masked, torch.randint(6, config.vocab_size, real.shape), -100))
    return {}


def running(model, batch):
    model.train()
    for _ in range(2):
        model(**batch)
    return {name: numbers(buffer) for name, buffer in model.named_buffers() if "running" in name or "tracked" in name}


def losses(model, batch, labels):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    values = []
    for _ in range(5):
        loss = model(**batch, **labels).loss
        values.append(round(loss.item(), 7))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return values


def changed_by_rounding(model, losses, values):
    """Whether losses come out differently when the weights differ in their last bits."""
    rounded = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in rounded.parameters():
            parameter.mul_(1 + torch.randn_like(parameter).clamp(-1, 1) * 1.2e-7)
    return max(abs(a - b) / b for a, b in zip(values, losses(rounded))) > 3e-6


def numbers(tensor):
    return dict(shape=list(tensor.shape), data=[round(x, 6) for x in tensor.flatten().tolist()])


def case(out, seed, class_name, config, lengths):
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    suffix = next(s for s in sorted(TASKS, key=len, reverse=True) if class_name.endswith(s))
    task = TASKS[suffix]
    if "classification" in task:
        labels = LABELS if task == "token-classification" else LABELS[:3]
        config.id2label, config.label2id = dict(enumerate(labels)), {l: i for i, l in enumerate(labels)}
    model = perturbed(getattr(transformers, class_name)(config))
    model.save_pretrained(out)
    batch = image_batch(config) if task == "image-classification" else text_batch(config, lengths)
    model.eval()
    with torch.no_grad():
        outputs = model(**batch)
    names = ("logits", "start_logits", "end_logits", "last_hidden_state")
    golden = dict(
        made_by=dict(script=pathlib.Path(__file__).name, torch=torch.__version__,
                     transformers=transformers.__version__, seed=seed),
        task=task,
        inputs={k: numbers(v) if v.is_floating_point() else v.tolist() for k, v in batch.items()},
        **{name: numbers(outputs[name]) for name in names if name in outputs})
    if config.model_type == "resnet":
        golden["buffers_after_two_batches"] = running(copy.deepcopy(model), batch)
    labels = labels_of(task, config, batch)
    if labels:
        golden["training"] = dict(labels={k: v.tolist() for k, v in labels.items()}, losses=losses(model, batch, labels))
    (out / "golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    target = pathlib.Path(sys.argv[1])
    for group, cases in (("encoders", ENCODERS), ("vision", VISION)):
        for number, (name, (class_name, config)) in enumerate(cases.items()):
            if not sys.argv[2:] or name in sys.argv[2:]:
                case(target / group / name, 100 + number, class_name, config, LONG.get(name, LENGTHS))
