"""Makes src/test/resources/goldens/task-training: a checkpoint, rows and training losses of the reference for each fine-tuning task.

Run it from the module's folder, after the other generators, in a Python environment with torch, transformers and PIL:

    python src/test/python/make_task_training_goldens.py src/test/resources/goldens

Rows become tensors as in the reference's own examples for the task; then five AdamW steps on all rows, dropout off.
"""

import base64
import io
import json
import pathlib
import shutil
import sys

import torch
import transformers
from PIL import Image
from transformers import (
    AutoTokenizer, BartConfig, BartForConditionalGeneration, BertConfig, BertForQuestionAnswering, BertForTokenClassification,
    GPT2LMHeadModel, ViTForImageClassification, ViTImageProcessor)

torch.set_num_threads(1)

CONTEXT = "the quick brown fox jumps over the lazy dog , and a small model learns from many words that follow one another in the park"
LABELS = ["O", "B-PER", "I-PER", "B-LOC"]
WORDS = [
    dict(words=["the", "quick", "brownish", "fox"], labels=[0, 1, 2, 3]),
    dict(words=["a", "small", "modelling", "thing", "jumps"], labels=[3, 0, 1, 2, 0]),
]
QUESTIONS = [
    dict(question="what jumps ?", context=CONTEXT, answers=[dict(text="quick brown fox", start=4)]),
    dict(question="where ?", context=CONTEXT, answers=[dict(text="the park", start=CONTEXT.index("the park"))]),
    dict(question="who ?", context="a small model", answers=[]),
]
COMPLETIONS = [
    dict(prompt="the quick brown ", completion="fox jumps over the dog"),
    dict(prompt="a small ", completion="model"),
]
TEXTS = ["the quick brown fox jumps over the lazy dog", "a small model", "many words follow one another in the park"]
PAIRS = [
    dict(source="the quick brown fox jumps over the lazy dog", target="a quick fox"),
    dict(source="a small model learns", target="many words , and more"),
]


def curve(model, batch, steps=5):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    losses = []
    for _ in range(steps):
        loss = model(**batch).loss
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


def write(folder, result):
    made_by = dict(script="make_task_training_goldens.py", torch=torch.__version__, transformers=transformers.__version__)
    (folder / "golden.json").write_text(json.dumps(dict(made_by=made_by, **result)) + "\n")
    print(folder.name, {k: v for k, v in result.items() if "losses" in k})


def checkpoint(root, name, model):
    folder = root / "task-training" / name
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(root / "base-model" / file, folder / file)
    return folder, AutoTokenizer.from_pretrained(folder)


def bert(root, cls, **options):
    config = BertConfig.from_pretrained(root / "base-model", hidden_dropout_prob=0, attention_probs_dropout_prob=0, **options)
    torch.manual_seed(3)
    return cls(config)


def token_classification(root):
    names = dict(num_labels=len(LABELS), id2label=dict(enumerate(LABELS)), label2id={n: i for i, n in enumerate(LABELS)})
    model = bert(root, BertForTokenClassification, **names)
    folder, tok = checkpoint(root, "token-classification", model)
    batch = tok([row["words"] for row in WORDS], is_split_into_words=True, padding=True, truncation=True, return_tensors="pt")
    labels = []
    for i, row in enumerate(WORDS):
        before, of = None, []
        for word in batch.word_ids(i):
            of.append(-100 if word is None or word == before else row["labels"][word])
            before = word
        labels.append(of)
    write(folder, dict(labels=LABELS, rows=WORDS, losses=curve(model, dict(batch, labels=torch.tensor(labels)))))


def question_answering(root):
    model = bert(root, BertForQuestionAnswering)
    folder, tok = checkpoint(root, "question-answering", model)
    length, stride = 36, 8
    rows, types, starts, ends = [], [], [], []
    for question in QUESTIONS:
        asked = tok(question["question"], add_special_tokens=False)["input_ids"]
        context = tok(question["context"], add_special_tokens=False, return_offsets_mapping=True)
        ids, offsets = context["input_ids"], context["offset_mapping"]
        room, at = length - len(asked) - 3, 0
        while True:
            # Sliced here: this version of the reference drops the windows after the first few of a long context.
            part, of = ids[at:at + room], offsets[at:at + room]
            head = [tok.cls_token_id] + asked + [tok.sep_token_id]
            rows.append(head + part + [tok.sep_token_id])
            types.append([0] * len(head) + [1] * (len(part) + 1))
            start, end = 0, 0
            for answer in question["answers"]:
                begin, finish = answer["start"], answer["start"] + len(answer["text"])
                if of[0][0] <= begin and of[-1][1] >= finish:
                    start = len(head) + max(t for t in range(len(of)) if of[t][0] <= begin)
                    end = len(head) + min(t for t in range(len(of)) if of[t][1] >= finish)
            starts.append(start)
            ends.append(end)
            if at + room >= len(ids):
                break
            at += room - stride
    batch = padded(rows, types, 0)
    batch["token_type_ids"] = batch.pop("labels").clamp(min=0)
    positions = dict(start_positions=torch.tensor(starts), end_positions=torch.tensor(ends))
    write(folder, dict(max_length=length, stride=stride, rows=QUESTIONS, start_positions=starts, end_positions=ends,
                       losses=curve(model, dict(batch, **positions))))


def padded(rows, labels, pad):
    length = max(len(row) for row in rows)
    return dict(
        input_ids=torch.tensor([row + [pad] * (length - len(row)) for row in rows]),
        attention_mask=torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows]),
        labels=torch.tensor([of + [-100] * (length - len(of)) for of in labels]))


def text_generation(root):
    source = root / "decoders-with-text/gpt2"
    tok = AutoTokenizer.from_pretrained(source)
    end = tok.sep_token_id
    folder = root / "task-training" / "text-generation"
    folder.mkdir(parents=True, exist_ok=True)
    settings = json.loads((source / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(settings, eos_token="[SEP]")) + "\n")
    shutil.copy(source / "tokenizer.json", folder / "tokenizer.json")
    GPT2LMHeadModel.from_pretrained(source).save_pretrained(folder)

    def model():
        return GPT2LMHeadModel.from_pretrained(folder)
    texts = [tok(text)["input_ids"] for text in TEXTS]
    texts = [ids if ids[-1] == end else ids + [end] for ids in texts]
    plain = curve(model(), padded(texts, texts, 0))
    together = sum(texts, [])
    blocks = [together[i:i + 8] for i in range(0, len(together), 8)]
    packed = curve(model(), padded(blocks, blocks, 0))
    rows, labels = [], []
    for row in COMPLETIONS:
        both = tok(row["prompt"] + row["completion"], return_offsets_mapping=True)
        ids = both["input_ids"]
        learned = [id if b > a and b > len(row["prompt"]) else -100 for id, (a, b) in zip(ids, both["offset_mapping"])]
        if ids[-1] != end:
            ids, learned = ids + [end], learned + [end]
        rows.append(ids)
        labels.append(learned)
    write(folder, dict(texts=TEXTS, completions=COMPLETIONS, packed_length=8, losses=plain, packed_losses=packed,
                       completion_losses=curve(model(), padded(rows, labels, 0))))


def text_to_text(root):
    size = len(AutoTokenizer.from_pretrained(root / "base-model"))
    torch.manual_seed(8)
    model = BartForConditionalGeneration(BartConfig(
        vocab_size=size, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=24, decoder_ffn_dim=24, max_position_embeddings=48, dropout=0, attention_dropout=0,
        activation_dropout=0, pad_token_id=0, bos_token_id=2, eos_token_id=3, decoder_start_token_id=3, forced_eos_token_id=None))
    folder, tok = checkpoint(root, "text-to-text", model)
    batch = tok(["read: " + row["source"] for row in PAIRS], padding=True, return_tensors="pt")
    batch.pop("token_type_ids", None)
    labels = tok(text_target=[row["target"] for row in PAIRS], padding=True, return_tensors="pt")
    labels = labels["input_ids"].masked_fill(labels["attention_mask"] == 0, -100)
    write(folder, dict(prefix="read: ", rows=PAIRS, losses=curve(model, dict(batch, labels=labels))))


def image_classification(root):
    source = root / "vision/vit"
    model = ViTForImageClassification.from_pretrained(source)
    folder = root / "task-training" / "image-classification"
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    size = model.config.image_size
    processor = ViTImageProcessor(size=dict(height=size, width=size))
    processor.save_pretrained(folder)
    images = []
    for i in range(3):
        image = Image.effect_noise((20 + 7 * i, 24), 80 + 10 * i).convert("RGB")
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        images.append(buffer.getvalue())
    pixels = processor([Image.open(io.BytesIO(i)).convert("RGB") for i in images], return_tensors="pt")["pixel_values"]
    labels = [0, 2, 1]
    rows = [dict(image=base64.b64encode(i).decode(), label=l) for i, l in zip(images, labels)]
    write(folder, dict(rows=rows, losses=curve(model, dict(pixel_values=pixels, labels=torch.tensor(labels)))))


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    token_classification(root)
    question_answering(root)
    text_generation(root)
    text_to_text(root)
    image_classification(root)
