"""Makes the cases under src/test/resources/cases with the reference implementation.

Run it from the module's folder, in a Python environment with torch, transformers, tokenizers and Pillow:

    python src/test/python/make_cases.py src/test/resources/cases

Each case is a tiny checkpoint in Hub layout with random weights, and a golden.json: the inputs (texts and their ids, or
images and their pixel values), the reference's outputs in single precision, what it generates (the start of each row
included), the losses before each of five AdamW steps on the whole batch in training mode, and what made them.
"""

import json
import pathlib
import sys

import numpy
import tokenizers
import torch
import transformers
from PIL import Image
from transformers import (BartConfig, BartForConditionalGeneration, BertConfig, BertForQuestionAnswering,
                          BertForSequenceClassification, LlamaConfig, LlamaForCausalLM, ViTConfig,
                          ViTForImageClassification, ViTImageProcessorPil)

WORDS = """the a my your card order parcel payment app account password refund invoice screen battery is was has not
will broken late lost double wrong slow blocked again today since monday please help me cannot open charged twice""".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
PAD, CLS, SEP = 0, 2, 3
STEPS = 5


def tokenizer(out, template, side="right"):
    vocabulary = {word: i for i, word in enumerate(SPECIAL + list("!,.:;?") + WORDS)}
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    words.normalizer = tokenizers.normalizers.Lowercase()
    words.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    words.post_processor = tokenizers.processors.TemplateProcessing(
        single=template, pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)])
    words.add_special_tokens(SPECIAL)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=words, model_max_length=40, padding_side=side, pad_token="[PAD]", unk_token="[UNK]")
    fast.save_pretrained(out)
    return fast


def sizes():
    return dict(vocab_size=len(SPECIAL) + 6 + len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                intermediate_size=28, max_position_embeddings=48, initializer_range=0.4, pad_token_id=PAD)


def numbers(tensor):
    return dict(shape=list(tensor.shape), data=[round(x, 7) for x in tensor.flatten().tolist()])


def losses(model, inputs, labels):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    values = []
    for _ in range(STEPS):
        loss = model(**inputs, **labels).loss
        values.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return values


def listed(tensors):
    return {name: tensor.tolist() for name, tensor in tensors.items()}


def write(out, task, model, inputs, outputs, labels):
    model.save_pretrained(out)
    golden = dict(
        task=task, architecture=type(model).__name__, model_type=model.config.model_type,
        made_by=dict(script="make_cases.py", torch=torch.__version__.split("+")[0],
                     transformers=transformers.__version__, seed=0),
        inputs={k: v if k == "texts" else numbers(v) if k == "pixel_values" else v.tolist() for k, v in inputs.items()},
        **outputs)
    tensors = {k: v for k, v in inputs.items() if k != "texts" and not k.startswith("decoder_")}
    golden["training"] = dict(labels=listed(labels), losses=losses(model, tensors, labels))
    (out / "golden.json").write_text(json.dumps(golden) + "\n")
    print(out.name, golden["training"]["losses"], golden.get("generated"), golden.get("generated_beam3"))


def encoded(fast, texts):
    pairs = [texts] if isinstance(texts[0], str) else [list(side) for side in zip(*texts)]
    batch = fast(*pairs, padding=True, return_tensors="pt")
    return dict(texts=texts, input_ids=batch.input_ids, attention_mask=batch.attention_mask)


def tensors_of(inputs):
    return {k: v for k, v in inputs.items() if k != "texts"}


def text_classification(root):
    out = root / "bert-text-classification"
    inputs = encoded(tokenizer(out, "[CLS] $A [SEP]"), ["My parcel was lost, please help!", "charged twice"])
    model = BertForSequenceClassification(BertConfig(
        **sizes(), num_labels=3, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)).eval()
    with torch.no_grad():
        outputs = dict(logits=numbers(model(**tensors_of(inputs)).logits))
    write(out, "text-classification", model, inputs, outputs, dict(labels=torch.tensor([2, 0])))


def question_answering(root):
    out = root / "bert-question-answering"
    inputs = encoded(tokenizer(out, "[CLS] $A [SEP]"), [
        ["is my order late?", "the order is late since monday, again."], ["help me", "the app cannot open."]])
    model = BertForQuestionAnswering(BertConfig(
        **sizes(), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)).eval()
    with torch.no_grad():
        found = model(**tensors_of(inputs))
    outputs = dict(start_logits=numbers(found.start_logits), end_logits=numbers(found.end_logits))
    labels = dict(start_positions=torch.tensor([8, 4]), end_positions=torch.tensor([12, 99]))
    write(out, "question-answering", model, inputs, outputs, labels)


def text_generation(root):
    out = root / "llama-text-generation"
    inputs = encoded(tokenizer(out, "[CLS] $A", side="left"), ["the app is slow again", "a refund"])
    model = LlamaForCausalLM(LlamaConfig(
        **sizes(), num_key_value_heads=1, bos_token_id=CLS, eos_token_id=SEP, tie_word_embeddings=False)).eval()
    with torch.no_grad():
        outputs = dict(
            logits=numbers(model(**tensors_of(inputs)).logits),
            generated=model.generate(
                **tensors_of(inputs), do_sample=False, max_new_tokens=24, min_new_tokens=24).tolist())
    # What padding on the left would predict is no part of the loss.
    first = inputs["attention_mask"].cumsum(1) < 2
    labels = dict(labels=inputs["input_ids"].masked_fill(first, -100))
    write(out, "text-generation", model, inputs, outputs, labels)


def summarization(root):
    out = root / "bart-summarization"
    inputs = encoded(tokenizer(out, "[CLS] $A [SEP]"), ["my card was blocked today", "the battery is broken. please help me"])
    inputs["decoder_input_ids"] = torch.tensor([[CLS, 7, 11], [CLS, 30, 19]])
    model = BartForConditionalGeneration(BartConfig(
        vocab_size=sizes()["vocab_size"], d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=24, decoder_ffn_dim=24, max_position_embeddings=48, dropout=0.0,
        attention_dropout=0.0, activation_dropout=0.0, init_std=0.5, pad_token_id=PAD, bos_token_id=CLS,
        eos_token_id=SEP, decoder_start_token_id=CLS, forced_eos_token_id=None)).eval()
    # Some sequences are to end before the longest does.
    model.final_logits_bias[0, SEP] = 6.0
    source = {k: inputs[k] for k in ("input_ids", "attention_mask")}
    with torch.no_grad():
        outputs = dict(
            logits=numbers(model(**tensors_of(inputs)).logits),
            generated=model.generate(**source, do_sample=False, num_beams=1, max_new_tokens=12).tolist(),
            generated_beam3=model.generate(
                **source, do_sample=False, num_beams=3, max_new_tokens=12, length_penalty=1.0,
                early_stopping=True).tolist())
    labels = dict(labels=torch.tensor([[7, 11, SEP, -100], [30, 19, 8, SEP]]))
    write(out, "summarization", model, inputs, outputs, labels)


def image_classification(root):
    out = root / "vit-image-classification"
    out.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(0)
    images = [Image.fromarray(random.integers(0, 256, size, dtype=numpy.uint8)) for size in ((9, 14, 3), (20, 17, 3))]
    for i, image in enumerate(images):
        image.save(out / f"image{i}.png")
    processor = ViTImageProcessorPil(
        size=dict(height=12, width=12), resample=3, image_mean=[0.5, 0.4, 0.3], image_std=[0.2, 0.25, 0.3])
    processor.save_pretrained(out)
    inputs = dict(pixel_values=processor(images, return_tensors="pt").pixel_values)
    model = ViTForImageClassification(ViTConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=28, image_size=12, patch_size=4,
        num_labels=3, initializer_range=0.4)).eval()
    with torch.no_grad():
        outputs = dict(logits=numbers(model(**inputs).logits))
    write(out, "image-classification", model, inputs, outputs, dict(labels=torch.tensor([1, 2])))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    for make in (text_classification, question_answering, text_generation, summarization, image_classification):
        torch.manual_seed(0)
        make(pathlib.Path(sys.argv[1]))
