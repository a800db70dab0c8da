"""Makes the golden checkpoints of generation under src/test/resources/goldens/generation with the reference.

Run it from the module's folder, in a Python environment with torch, transformers and tokenizers:

    python src/test/python/make_generation_goldens.py src/test/resources/goldens/generation

Each case is a checkpoint with random weights and a tokenizer, and a golden.json: prompts (sources, for an
encoder-decoder) as ids and, for one set of options after another, what the reference's generate makes of each of them
alone: the new tokens of every returned sequence up to the end token, with the start token left out. Beams come with
their scores; the greedy sequences with the log-probabilities of prompt and new tokens. "texts" holds texts, their ids
and what becomes of them, the end and other special tokens left out.
"""

import json
import pathlib
import sys

import tokenizers
import torch
import transformers
from transformers import (BartConfig, BartForConditionalGeneration, GPT2Config, GPT2LMHeadModel, LlamaConfig,
                          LlamaForCausalLM, MarianConfig, MarianMTModel, MistralConfig, MistralForCausalLM, T5Config,
                          T5ForConditionalGeneration)

CORPUS = ["the parcel was late, and the card was charged twice!", "please refund my order: it has not arrived.",
          "is the app down? i cannot open my account.", "my battery is broken since monday, again...",
          "we don't know why; the payment isn't there.", "héllo wörld, ça va? — 你好 🙂 🙂", "summarize: translate English to German:"]
TEXTS = ["please refund my order", "is the app down? the card was charged twice! we don't know why.",
         " ".join(CORPUS[:5] * 3)]
NEW = 14


def byte_tokenizer(framed):
    t = tokenizers.Tokenizer(tokenizers.models.BPE())
    t.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = tokenizers.decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=300, special_tokens=special, show_progress=False,
                                             initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet())
    t.train_from_iterator(CORPUS * 4, trainer)
    if framed:
        t.post_processor = tokenizers.processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=t, model_max_length=40 if framed else 60, bos_token="<s>", pad_token="<pad>", eos_token="</s>",
        unk_token="<unk>", clean_up_tokenization_spaces=False)


def piece_tokenizer():
    t = tokenizers.Tokenizer(tokenizers.models.Unigram())
    t.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    t.decoder = tokenizers.decoders.Metaspace()
    trainer = tokenizers.trainers.UnigramTrainer(vocab_size=160, special_tokens=["<pad>", "</s>", "<unk>"],
                                                 unk_token="<unk>", show_progress=False)
    t.train_from_iterator(CORPUS * 4, trainer)
    t.post_processor = tokenizers.processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=t, model_max_length=40, pad_token="<pad>", eos_token="</s>", unk_token="<unk>",
        clean_up_tokenization_spaces=False)


def cut(ids, ends):
    for at, token in enumerate(ids):
        if token in ends:
            return ids[:at + 1]
    return ids


def rounded(values):
    return [round(float(value), 5) for value in values]


def generate(model, prompt, options, pad):
    """What becomes of one prompt: the new tokens of each returned sequence, and their scores where there are beams."""
    encoder_decoder = model.config.is_encoder_decoder
    out = model.generate(input_ids=torch.tensor([prompt]), pad_token_id=pad, do_sample=False,
                         return_dict_in_generate=True, output_scores=True, **options)
    ends = options.get("eos_token_id", model.generation_config.eos_token_id)
    ends = ends if isinstance(ends, list) else [ends]
    start = 1 if encoder_decoder else len(prompt)
    found = dict(ids=[cut(ids[start:], ends) for ids in out.sequences.tolist()])
    if "sequences_scores" in out:
        found["scores"] = rounded(out.sequences_scores)
    return found


def log_probabilities(model, prompt, new):
    """Of the prompt (from its second token on) and of the new tokens, each with its three best."""
    if model.config.is_encoder_decoder:
        start = model.generation_config.decoder_start_token_id
        ids, first = [start] + new, 0
        logits = model(input_ids=torch.tensor([prompt]), decoder_input_ids=torch.tensor([ids])).logits[0]
    else:
        ids, first = prompt + new, 0
        logits = model(input_ids=torch.tensor([ids])).logits[0]
    all = torch.log_softmax(logits, -1)
    own = [all[at, token] for at, token in enumerate(ids[1:])]
    best = [all[at].topk(3).indices.tolist() for at in range(len(ids) - 1)]
    return dict(own=rounded(own), best=best)


def option_sets(model, prompts, pad):
    encoder_decoder = model.config.is_encoder_decoder
    free = [generate(model, prompt, dict(max_new_tokens=NEW, eos_token_id=[model.config.vocab_size - 1]), pad)["ids"][0]
            for prompt in prompts]
    # Ends that nearly come, so that some do when penalties and beams change what comes.
    nearly = [token for prompt, ids in zip(prompts, free)
              for at in (-9, -6, -2) for token in log_probabilities(model, prompt, ids)["best"][at]]
    ends = sorted({token for token in nearly if token not in [ids[0] for ids in free]})[:5]
    common = free[0][:4]
    # A sequence's own beginning is bad only where it is not its end as well.
    bad = [[free[0][0]], [free[1][0], free[1][1]], [free[2][1], free[2][2], free[2][3]]]
    sets = [
        dict(max_new_tokens=NEW),
        dict(max_new_tokens=NEW, eos_token_id=ends),
        dict(max_new_tokens=NEW, eos_token_id=ends, min_new_tokens=8),
        dict(max_length=(1 if encoder_decoder else 12) + 9, min_length=(1 if encoder_decoder else 12) + 5,
             eos_token_id=ends),
        dict(max_new_tokens=NEW, repetition_penalty=1.7),
        dict(max_new_tokens=NEW, repetition_penalty=0.8, no_repeat_ngram_size=1),
        dict(max_new_tokens=NEW, no_repeat_ngram_size=2),
        dict(max_new_tokens=NEW, bad_words_ids=bad),
        dict(max_new_tokens=NEW, suppress_tokens=common, begin_suppress_tokens=free[1][:2] + free[2][:2]),
        dict(max_new_tokens=6, forced_eos_token_id=model.generation_config.eos_token_id),
        dict(max_new_tokens=NEW, num_beams=3, num_return_sequences=3),
        dict(max_new_tokens=NEW, num_beams=3, eos_token_id=ends),
        dict(max_new_tokens=NEW, num_beams=4, num_return_sequences=3, length_penalty=2.0, early_stopping=True,
             eos_token_id=ends),
        dict(max_new_tokens=NEW, num_beams=4, num_return_sequences=2, length_penalty=0.5, early_stopping="never",
             eos_token_id=ends),
        dict(max_new_tokens=NEW, num_beams=2, length_penalty=-1.0, early_stopping="never", eos_token_id=ends),
        dict(max_new_tokens=NEW, num_beams=5, length_penalty=0.0, early_stopping=False, eos_token_id=ends,
             min_new_tokens=4, no_repeat_ngram_size=2, repetition_penalty=1.2),
        dict(max_new_tokens=NEW, num_beams=3, bad_words_ids=bad, suppress_tokens=common, renormalize_logits=True,
             eos_token_id=ends),
        dict(max_new_tokens=2 if encoder_decoder else 1, num_beams=3, num_return_sequences=2),
    ]
    if encoder_decoder:
        sets += [dict(max_new_tokens=NEW, forced_bos_token_id=17, begin_suppress_tokens=free[0][:1]),
                 dict(max_new_tokens=NEW, num_beams=4, forced_bos_token_id=17, forced_eos_token_id=2,
                      early_stopping=True, num_return_sequences=4, eos_token_id=ends)]
    return sets


def case(root, name, seed, model_class, config, tokenizer, texts, task_params=None):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = model_class(config).eval()
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if parameter_name.endswith("bias") or "norm" in parameter_name or "ln_" in parameter_name:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.2)
    out = root / name
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    if task_params:
        written = json.loads((out / "config.json").read_text())
        written["task_specific_params"] = task_params
        (out / "config.json").write_text(json.dumps(written, indent=2) + "\n")
    model = model_class.from_pretrained(out).eval()
    pad = tokenizer.pad_token_id
    prompts = [torch.randint(4, config.vocab_size - 1, (length,), generator=generator).tolist()
               for length in (12, 3, 1, 7)]
    cases = []
    with torch.no_grad():
        for options in option_sets(model, prompts, pad):
            cases.append(dict(options=options, found=[generate(model, prompt, options, pad) for prompt in prompts]))
        scored = [log_probabilities(model, prompt, found["ids"][0]) for prompt, found in zip(prompts, cases[0]["found"])]
        made = []
        for text, options in texts:
            framed = tokenizer(text, truncation=True)["input_ids"]
            found = generate(model, framed, options, pad)["ids"]
            made.append(dict(text=text, options=options, ids=framed, found=found,
                             texts=[tokenizer.decode(ids, skip_special_tokens=True) for ids in found]))
    golden = dict(
        made_by=dict(script="make_generation_goldens.py", torch=torch.__version__,
                     transformers=transformers.__version__, seed=seed),
        prompts=prompts, cases=cases, log_probabilities=scored, texts=made)
    (out / "golden.json").write_text(json.dumps(golden) + "\n")
    lengths = [[len(ids) for found in c["found"] for ids in found["ids"]] for c in cases]
    print(name, sum(f.stat().st_size for f in out.iterdir()) // 1024, "KiB", lengths)


def main(root):
    torch.set_num_threads(1)
    bytes_bare, bytes_framed, pieces = byte_tokenizer(False), byte_tokenizer(True), piece_tokenizer()
    words, few = len(bytes_bare), len(pieces)
    plain = [(text, dict(max_new_tokens=10)) for text in TEXTS[:2]]
    beams = [(text, dict(max_new_tokens=10, num_beams=3, early_stopping=True)) for text in TEXTS]
    special = dict(bos_token_id=0, eos_token_id=2, pad_token_id=1)
    case(root, "gpt2", 11, GPT2LMHeadModel,
         GPT2Config(vocab_size=words, n_positions=64, n_embd=24, n_layer=2, n_head=3, initializer_range=0.3, **special),
         bytes_bare, plain)
    case(root, "llama", 12, LlamaForCausalLM,
         LlamaConfig(vocab_size=words, hidden_size=24, intermediate_size=36, num_hidden_layers=2,
                     num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64, initializer_range=0.3,
                     **special), bytes_bare, plain)
    case(root, "mistral", 13, MistralForCausalLM,
         MistralConfig(vocab_size=words, hidden_size=24, intermediate_size=36, num_hidden_layers=2,
                       num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64, sliding_window=5,
                       initializer_range=0.3, **special), bytes_bare, plain)
    t5_params = dict(
        summarization=dict(early_stopping=True, length_penalty=2.0, max_length=9, min_length=3,
                           no_repeat_ngram_size=3, num_beams=4, prefix="summarize: "),
        translation_en_to_de=dict(early_stopping=True, max_length=8, num_beams=4,
                                  prefix="translate English to German: "))
    t5_texts = [(params["prefix"] + text, {key: value for key, value in params.items() if key != "prefix"})
                for params in t5_params.values() for text in TEXTS]
    case(root, "t5", 14, T5ForConditionalGeneration,
         T5Config(vocab_size=few, d_model=24, d_kv=6, d_ff=36, num_layers=2, num_decoder_layers=2, num_heads=4,
                  relative_attention_num_buckets=8, relative_attention_max_distance=20, initializer_factor=2.0,
                  decoder_start_token_id=0, dropout_rate=0.0, tie_word_embeddings=False), pieces, t5_texts, t5_params)
    halves = dict(vocab_size=words, d_model=24, max_position_embeddings=48, encoder_layers=2, decoder_layers=2,
                  encoder_attention_heads=3, decoder_attention_heads=3, encoder_ffn_dim=36, decoder_ffn_dim=36,
                  dropout=0.0, init_std=0.5, tie_word_embeddings=False, **special)
    case(root, "bart", 15, BartForConditionalGeneration,
         BartConfig(decoder_start_token_id=2, forced_bos_token_id=0, forced_eos_token_id=2, **halves), bytes_framed,
         beams)
    case(root, "marian", 16, MarianMTModel, MarianConfig(decoder_start_token_id=1, scale_embedding=True, **halves),
         bytes_framed, beams)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
