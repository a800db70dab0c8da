"""Makes the golden checkpoints of encoder-decoders under src/test/resources/goldens/seq2seq with the reference.

Run it from the module's folder, in a Python environment with torch, transformers and safetensors:

    python src/test/python/make_seq2seq_goldens.py src/test/resources/goldens/seq2seq

Each case is a checkpoint with random weights and a golden.json: token ids of unequal lengths, the logits of given
targets, what greedy search and beam search generate (with the start token, at most 12 new tokens, ended rows padded),
the loss before each of five AdamW steps on the whole batch, and what made them.
"""

import copy
import json
import pathlib
import sys

import torch
import transformers
from make_reference_cases import changed_by_rounding, numbers
from safetensors.torch import load_file, save_file
from transformers import (BartConfig, BartForConditionalGeneration, BartForSequenceClassification, MarianConfig,
                          MarianMTModel, T5Config, T5EncoderModel, T5ForConditionalGeneration)

LENGTHS = [27, 9, 1, 14]
RATE = 1e-3


def shaken(model, generator):
    """Biases and norms as training leaves them, not as they begin."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias") or "norm" in name:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.2)


def sources(config, generator, lengths=LENGTHS):
    width = max(lengths)
    ids = torch.full((len(lengths), width), config.pad_token_id)
    mask = torch.zeros_like(ids)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.randint(3, config.vocab_size - 1, (length,), generator=generator)
        ids[row, length - 1] = config.eos_token_id
        mask[row, :length] = 1
    return ids, mask


def losses(model, inputs, labels):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    values = []
    for _ in range(5):
        loss = model(**inputs, labels=labels).loss
        values.append(round(loss.item(), 7))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return values


def about(seed):
    return dict(script="make_seq2seq_goldens.py", torch=torch.__version__, transformers=transformers.__version__,
                seed=seed)


def saved(out, model, change, as_on_hub=False):
    """Saves and loads again, so that the results are those of the files."""
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    if as_on_hub:
        config = json.loads((out / "config.json").read_text())
        config["tie_word_embeddings"] = config.pop("scale_decoder_outputs")
        for derived in ("dense_act_fn", "is_gated_act"):
            del config[derived]
        (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    if change:
        file = out / "model.safetensors"
        save_file(change(load_file(file)), file, metadata=dict(format="pt"))
    return type(model).from_pretrained(out).eval()


def case(root, name, seed, model_class, config, change=None, biased=None, as_on_hub=False):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = model_class(config)
    shaken(model, generator)
    if biased:
        with torch.no_grad():
            model.final_logits_bias.add_(torch.randn(model.final_logits_bias.shape, generator=generator) * biased)
    model = saved(root / name, model, change, as_on_hub)
    ids, mask = sources(config, generator)
    inputs = dict(input_ids=ids, attention_mask=mask)
    words = getattr(config, "decoder_vocab_size", None) or config.vocab_size
    targets = torch.randint(3, words - 1, (len(LENGTHS), 6), generator=generator)
    targets[:, 0] = config.decoder_start_token_id
    labels = torch.randint(3, words - 1, (len(LENGTHS), 5), generator=generator)
    labels[0, -1] = labels[1, -2] = labels[3, 1] = config.eos_token_id
    labels[1, -1] = -100
    labels[3, 2:] = -100
    with torch.no_grad():
        golden = dict(
            made_by=about(seed),
            task="summarization",
            inputs=dict(input_ids=ids.tolist(), attention_mask=mask.tolist(), decoder_input_ids=targets.tolist()),
            logits=numbers(model(**inputs, decoder_input_ids=targets).logits),
            generated=model.generate(**inputs, max_new_tokens=12, do_sample=False, num_beams=1,
                                     use_cache=False).tolist(),
            generated_beam3=model.generate(**inputs, max_new_tokens=12, do_sample=False, num_beams=3,
                                           length_penalty=1.0, early_stopping=True, use_cache=False).tolist())
    values = losses(copy.deepcopy(model), inputs, labels)
    if changed_by_rounding(model, lambda rounded: losses(rounded, inputs, labels), values):
        sys.exit(f"{name}: with the seed {seed} losses hang on rounding")
    golden["training"] = dict(labels=dict(labels=labels.tolist()), losses=values)
    (root / name / "golden.json").write_text(json.dumps(golden) + "\n")
    print(name, golden["generated"], golden["generated_beam3"], golden["training"]["losses"])


def classifier(root, name, seed, config):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = BartForSequenceClassification(config)
    shaken(model, generator)
    model = saved(root / name, model, None)
    ids, mask = sources(config, generator, [21, 8, 3])
    with torch.no_grad():
        logits = model(input_ids=ids, attention_mask=mask).logits
    golden = dict(made_by=about(seed), task="text-classification",
                  inputs=dict(input_ids=ids.tolist(), attention_mask=mask.tolist()),
                  logits=numbers(logits))
    (root / name / "golden.json").write_text(json.dumps(golden) + "\n")


def encoder(root, name, seed, config):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = T5EncoderModel(config)
    shaken(model, generator)
    model = saved(root / name, model, None)
    ids, mask = sources(config, generator, [21, 8, 3])
    with torch.no_grad():
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state
    golden = dict(made_by=about(seed), task="feature-extraction",
                  inputs=dict(input_ids=ids.tolist(), attention_mask=mask.tolist()),
                  last_hidden_state=numbers(states))
    (root / name / "golden.json").write_text(json.dumps(golden) + "\n")


def t5(**changes):
    values = dict(vocab_size=90, d_model=20, d_kv=6, d_ff=36, num_layers=2, num_decoder_layers=1, num_heads=3,
                  relative_attention_num_buckets=10, relative_attention_max_distance=17, dropout_rate=0.0,
                  initializer_factor=1.5, decoder_start_token_id=0)
    return T5Config(**{**values, **changes})


def bart(**changes):
    values = dict(vocab_size=83, max_position_embeddings=40, d_model=24, encoder_layers=1, encoder_attention_heads=2,
                  encoder_ffn_dim=30, decoder_layers=2, decoder_attention_heads=3, decoder_ffn_dim=26, dropout=0.0,
                  init_std=0.25, forced_eos_token_id=None)
    return BartConfig(**{**values, **changes})


def marian(**changes):
    values = dict(vocab_size=77, max_position_embeddings=32, d_model=18, encoder_layers=2, encoder_attention_heads=3,
                  encoder_ffn_dim=24, decoder_layers=1, decoder_attention_heads=2, decoder_ffn_dim=40, dropout=0.0,
                  init_std=0.3, pad_token_id=60, decoder_start_token_id=60, eos_token_id=0, forced_eos_token_id=None,
                  activation_function="swish", scale_embedding=True)
    return MarianConfig(**{**values, **changes})


def own_output_layer(tensors):
    """An output layer that is not tied, as version 1.1 has it."""
    generator = torch.Generator().manual_seed(5)
    size = tensors["shared.weight"].shape
    return {**tensors, "lm_head.weight": torch.randn(size, generator=generator) * 0.8}


def own_positions(tensors):
    """Positions that are stored, and are not what they would be if they were not."""
    generator = torch.Generator().manual_seed(6)
    return {**tensors, **{f"model.{half}.embed_positions.weight": torch.randn(32, 18, generator=generator)
                          for half in ("encoder", "decoder")}}


def without_shared(tensors):
    """The shared table under the name of one of those who share it."""
    tensors = dict(tensors)
    return {"model.decoder.embed_tokens.weight": tensors.pop("model.shared.weight"), **tensors}


if __name__ == "__main__":
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()
    root = pathlib.Path(sys.argv[1])
    case(root, "t5-relu-tied", 22, T5ForConditionalGeneration, t5(initializer_factor=2.0), as_on_hub=True)
    case(root, "t5-gated-untied", 22, T5ForConditionalGeneration,
         t5(feed_forward_proj="gated-gelu", tie_word_embeddings=False, num_layers=1, num_decoder_layers=2),
         change=own_output_layer, as_on_hub=True)
    case(root, "t5-gated-silu", 24, T5ForConditionalGeneration,
         t5(feed_forward_proj="gated-silu", num_decoder_layers=None, num_heads=2, d_kv=10, layer_norm_epsilon=1e-5))
    case(root, "bart-tied", 12, BartForConditionalGeneration,
         bart(scale_embedding=True, activation_function="relu"), change=without_shared, biased=0.7)
    case(root, "bart-apart", 19, BartForConditionalGeneration, bart(tie_word_embeddings=False, init_std=0.4))
    case(root, "marian-one-vocabulary", 23, MarianMTModel, marian(), change=own_positions, biased=0.5)
    case(root, "marian-two-vocabularies", 2, MarianMTModel,
         marian(decoder_vocab_size=68, share_encoder_decoder_embeddings=False, scale_embedding=False), biased=2.0)
    classifier(root, "bart-classifier", 28, bart(num_labels=3, classifier_dropout=0.2))
    encoder(root, "t5-encoder", 29, t5(feed_forward_proj="gated-relu"))
