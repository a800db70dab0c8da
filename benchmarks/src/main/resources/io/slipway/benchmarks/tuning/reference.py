"""Trains a checkpoint with Python transformers on rows in their order, and prints the loss before each step.

usage: reference.py REQUEST.json     (in a Python environment with torch and transformers)

The request: checkpoint (a folder), task, rows, batch_size, learning_rate, max_length, threads. Plain AdamW without decay
and at a constant rate, the model in training mode. Prints one JSON array of losses.
"""
import json
import pathlib
import sys

import torch
import transformers
from tokenizers import Tokenizer

IGNORED = -100
CLASSES = {
    "text-classification": transformers.AutoModelForSequenceClassification,
    "token-classification": transformers.AutoModelForTokenClassification,
    "text-to-text": transformers.AutoModelForSeq2SeqLM,
}


def padded(rows, value):
    length = max(len(row) for row in rows)
    return torch.tensor([row + [value] * (length - len(row)) for row in rows])


def inputs(encodings):
    return dict(input_ids=padded([e.ids for e in encodings], 0),
                attention_mask=padded([e.attention_mask for e in encodings], 0))


def word_labels(encoding, labels):
    before, targets = None, []
    for word in encoding.word_ids:
        targets.append(IGNORED if word is None or word == before else labels[word])
        before = word
    return targets


def batch(task, tokenizer, rows, max_length):
    tokenizer.enable_truncation(max_length)
    if task == "text-classification":
        return dict(inputs(tokenizer.encode_batch([row["text"] for row in rows])),
                    labels=torch.tensor([row["label"] for row in rows]))
    if task == "token-classification":
        encodings = tokenizer.encode_batch([row["words"] for row in rows], is_pretokenized=True)
        return dict(inputs(encodings),
                    labels=padded([word_labels(e, row["labels"]) for e, row in zip(encodings, rows)], IGNORED))
    sources = inputs(tokenizer.encode_batch([row["source"] for row in rows]))
    tokenizer.enable_truncation(rows[0]["max_target"])
    targets = tokenizer.encode_batch([row["target"] for row in rows])
    return dict(sources, labels=padded([e.ids for e in targets], IGNORED))


def losses(request):
    torch.set_num_threads(request["threads"])
    tokenizer = Tokenizer.from_file(str(pathlib.Path(request["checkpoint"]) / "tokenizer.json"))
    model = CLASSES[request["task"]].from_pretrained(request["checkpoint"], dtype=torch.float32).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=request["learning_rate"], weight_decay=0.0)
    size = request["batch_size"]
    for at in range(0, len(request["rows"]), size):
        loss = model(**batch(request["task"], tokenizer, request["rows"][at:at + size], request["max_length"])).loss
        yield loss.item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(json.dumps(list(losses(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))))))
