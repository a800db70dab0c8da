"""Trains a checkpoint with Python transformers on rows in their order, and prints the loss before each step.

usage: reference.py REQUEST.json     (in a Python environment with torch, transformers and PIL)

The request: checkpoint (a folder), task, rows, limits, steps, batch_size, learning_rate, threads. Plain AdamW without decay
and at a constant rate, the model in training mode. Prints one JSON array of losses, of as many steps at most.
"""
import base64
import io
import json
import pathlib
import sys

import numpy
import torch
import transformers
from PIL import Image
from tokenizers import Tokenizer

IGNORED = -100


def text_input(encoding):
    return dict(input_ids=encoding.ids, attention_mask=encoding.attention_mask)


def labelled_texts(tokenizer, rows, limits):
    tokenizer.enable_truncation(limits["max_length"])
    for row in rows:
        yield dict(text_input(tokenizer.encode(row["text"])), labels=row["label"])


def labelled_words(tokenizer, rows, limits):
    tokenizer.enable_truncation(limits["max_length"])
    for row in rows:
        encoding = tokenizer.encode(row["words"], is_pretokenized=True)
        before, labels = None, []
        for word in encoding.word_ids:
            labels.append(IGNORED if word is None or word == before else row["labels"][word])
            before = word
        yield dict(text_input(encoding), labels=labels)


def answers(tokenizer, rows, limits):
    for row in rows:
        start, end = row["start"], row["start"] + len(row["answer"])
        whole = tokenizer.encode(row["question"], row["context"])
        for kept in windows(whole, limits):
            context = [i for i, at in enumerate(kept) if whole.sequence_ids[at] == 1]
            first = [i for i in context if whole.offsets[kept[i]][0] <= start]
            last = [i for i in context if whole.offsets[kept[i]][1] >= end]
            # An answer that is not, or not wholly, in a window is at the classification token.
            inside = first and last
            yield dict(input_ids=[whole.ids[at] for at in kept], attention_mask=[1] * len(kept),
                       token_type_ids=[whole.type_ids[at] for at in kept],
                       start_positions=first[-1] if inside else 0, end_positions=last[0] if inside else 0)


def windows(whole, limits):
    """Places of the tokens of each window over the context; the tokenizer's own windows can lose text."""
    context = [at for at, sequence in enumerate(whole.sequence_ids) if sequence == 1]
    first, end = context[0], context[-1] + 1
    room = limits["max_length"] - (len(whole) - len(context))
    at = first
    while True:
        yield [*range(first), *range(at, min(at + room, end)), *range(end, len(whole))]
        if at + room >= end:
            return
        at += room - limits["stride"]


def text_pairs(tokenizer, rows, limits):
    tokenizer.enable_truncation(limits["max_length"])
    sources = tokenizer.encode_batch([row["source"] for row in rows])
    tokenizer.enable_truncation(limits["max_target"])
    targets = tokenizer.encode_batch([row["target"] for row in rows])
    for source, target in zip(sources, targets):
        yield dict(text_input(source), labels=target.ids)


def continued_texts(tokenizer, rows, limits):
    ids = [id for row in rows for id in tokenizer.encode(row["text"]).ids]
    for at in range(0, len(ids), limits["max_length"]):
        part = ids[at:at + limits["max_length"]]
        yield dict(input_ids=part, attention_mask=[1] * len(part), labels=part)


def labelled_images(config, rows, limits):
    scale = numpy.float32(config["rescale_factor"])
    mean, deviation = (numpy.array(config[name], numpy.float32) for name in ("image_mean", "image_std"))
    size = (config["size"]["width"], config["size"]["height"])
    for row in rows:
        image = Image.open(io.BytesIO(base64.b64decode(row["image"]))).convert("RGB")
        pixels = numpy.asarray(image.resize(size, config["resample"]), numpy.float32) * scale
        yield dict(pixel_values=((pixels - mean) / deviation).transpose(2, 0, 1).tolist(), labels=row["label"])


TASKS = {
    "text-classification": (transformers.AutoModelForSequenceClassification, labelled_texts),
    "token-classification": (transformers.AutoModelForTokenClassification, labelled_words),
    "question-answering": (transformers.AutoModelForQuestionAnswering, answers),
    "text-to-text": (transformers.AutoModelForSeq2SeqLM, text_pairs),
    "text-generation": (transformers.AutoModelForCausalLM, continued_texts),
    "image-classification": (transformers.AutoModelForImageClassification, labelled_images),
}


def batch(examples):
    values = {name: [example[name] for example in examples] for name in examples[0]}
    for name, rows in values.items():
        if isinstance(rows[0], list) and not isinstance(rows[0][0], list):
            length = max(len(row) for row in rows)
            values[name] = [row + [IGNORED if name == "labels" else 0] * (length - len(row)) for row in rows]
    return {name: torch.tensor(rows) for name, rows in values.items()}


def losses(request):
    torch.set_num_threads(request["threads"])
    folder = pathlib.Path(request["checkpoint"])
    model_class, examples_of = TASKS[request["task"]]
    if request["task"] == "image-classification":
        reader = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
    else:
        reader = Tokenizer.from_file(str(folder / "tokenizer.json"))
    examples = list(examples_of(reader, request["rows"], request["limits"]))
    model = model_class.from_pretrained(folder, dtype=torch.float32).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=request["learning_rate"], weight_decay=0.0)
    size = request["batch_size"]
    for at in range(0, len(examples), size)[:request["steps"]]:
        loss = model(**batch(examples[at:at + size])).loss
        yield loss.item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(json.dumps(list(losses(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))))))
