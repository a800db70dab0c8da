"""Makes src/test/resources/goldens/training/curves.json: losses of the reference's own trainer and losses.

Run it from the module's folder, after make_goldens.py, in a Python environment with torch, transformers and accelerate:

    python src/test/python/make_training_goldens.py src/test/resources/goldens

Every curve starts from a checkpoint that make_goldens.py made; dropout is off and the order fixed.
"""

import json
import pathlib
import sys
import tempfile

import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

torch.set_num_threads(1)


def curve(model, step_loss, lr, steps=5):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    losses = []
    for _ in range(steps):
        loss = step_loss()
        losses.append(round(loss.item(), 6))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


def single_label(root):
    folder = root / "single-label"
    golden = json.loads((folder / "golden.json").read_text())
    labels = torch.tensor([row[0] for row in golden["training"]["labels"]])
    tok = AutoTokenizer.from_pretrained(folder)
    batch = tok(golden["texts"], padding=True, truncation=True, return_tensors="pt")
    return folder, tok, golden["texts"], batch, labels


def trainer(root, schedule, smoothing):
    """The reference's Trainer, its loss at every step."""
    folder, tok, texts, _, labels = single_label(root)
    rows = [dict(tok(text, truncation=True), labels=int(label)) for text, label in zip(texts, labels)]
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    with tempfile.TemporaryDirectory() as out:
        arguments = TrainingArguments(
            output_dir=out, per_device_train_batch_size=2, num_train_epochs=2, learning_rate=4e-3, weight_decay=0.1,
            warmup_steps=2, lr_scheduler_type=schedule, max_grad_norm=0.5, label_smoothing_factor=smoothing,
            logging_steps=1, report_to=[], save_strategy="no", use_cpu=True, disable_tqdm=True,
            train_sampling_strategy="sequential", average_tokens_across_devices=False)
        run = Trainer(model=model, args=arguments, train_dataset=rows, processing_class=tok)
        run.train()
    steps = [entry for entry in run.state.log_history if "grad_norm" in entry]
    return dict(
        schedule=schedule, label_smoothing=smoothing, batch_size=2, epochs=2, learning_rate=4e-3, weight_decay=0.1,
        warmup_steps=2, max_grad_norm=0.5, losses=[round(float(e["loss"]), 6) for e in steps],
        gradient_norms=[round(float(e["grad_norm"]), 6) for e in steps],
        learning_rates=[float(e["learning_rate"]) for e in steps])


def class_weights(root):
    folder, _, _, batch, labels = single_label(root)
    weights = [0.5, 2.0, 1.0, 3.0, 0.25]
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(weights))
    return dict(weights=weights, losses=curve(model, lambda: loss(model(**batch).logits, labels), 2e-3))


def autocast(root):
    folder, _, _, batch, labels = single_label(root)
    model = AutoModelForSequenceClassification.from_pretrained(folder)

    def step_loss():
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return model(**batch, labels=labels).loss.float()
    return dict(losses=curve(model, step_loss, 2e-3))


def regression(root):
    folder = root / "relu-one-type"
    texts = json.loads((folder / "golden.json").read_text())["texts"]
    tok = AutoTokenizer.from_pretrained(folder)
    batch = tok(texts, padding=True, truncation=True, return_tensors="pt")
    values = [[i / 2 - 1, 1 - i / 4] for i in range(len(texts))]
    model = AutoModelForSequenceClassification.from_pretrained(folder, problem_type="regression")
    return dict(values=values, losses=curve(model, lambda: model(**batch, labels=torch.tensor(values)).loss, 2e-3))


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    out = root / "training"
    out.mkdir(exist_ok=True)
    (out / "curves.json").write_text(json.dumps(dict(
        made_by=dict(script="make_training_goldens.py", torch=torch.__version__, transformers=transformers.__version__),
        trainer=[trainer(root, s, e) for s, e in (("linear", 0.0), ("cosine", 0.1), ("constant_with_warmup", 0.0),
                                                  ("constant", 0.2))],
        class_weights=class_weights(root), bfloat16=autocast(root), regression=regression(root)), indent=1) + "\n")
