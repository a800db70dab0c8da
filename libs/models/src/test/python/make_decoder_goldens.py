"""Makes the cases under src/test/resources/goldens/decoders with the reference implementation.

Run it from the module's folder, in a Python environment with torch and transformers:

    python src/test/python/make_decoder_goldens.py src/test/resources/goldens/decoders [name ...]

Each case is a tiny checkpoint with random weights (no tokenizer: its inputs are ids) and a golden.json: texts of unequal
lengths, the reference's outputs for each of them (zeros at the padding), the losses before each of five AdamW steps on
all of them, the ids that greedy search continues each of them by over the reference's cache, whatever the end tokens
are, and the outputs from which it took the last. Phi-3 has to do without a cache: where a text outgrows the original
positions the reference drops it, and goes on as if the last token were the whole text. The reference gets every text alone, because with some rotary
positions it lets a text's outputs depend on the longest in its batch. Every case has options that differ from the
defaults. Seeds are tried until nothing hangs on rounding: neither a token that is nearly another, nor a loss that
comes out differently when the weights differ in their last bit.
"""

import copy
import itertools
import json
import pathlib
import sys

import torch
import transformers
from make_reference_cases import changed_by_rounding, numbers, perturbed
from transformers import (FalconConfig, Gemma2Config, GemmaConfig, GPT2Config, LlamaConfig, MistralConfig,
                          MixtralConfig, Olmo2Config, OlmoConfig, Phi3Config, Qwen2Config, Qwen3Config)

LENGTHS = [9, 3, 6]
NEW = 24
ENDS = dict(bos_token_id=0, eos_token_id=2, pad_token_id=1)


def like_llama(kind, **defaults):
    return lambda **changes: kind(**dict(
        vocab_size=61, hidden_size=24, intermediate_size=28, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, initializer_range=0.3, **ENDS) | defaults | changes)


def gpt2(**changes):
    return GPT2Config(**dict(vocab_size=61, n_positions=40, n_embd=20, n_layer=2, n_head=4, resid_pdrop=0.0,
                             embd_pdrop=0.0, attn_pdrop=0.0, initializer_range=0.3, **ENDS) | changes)


def falcon(**changes):
    return FalconConfig(**dict(vocab_size=61, hidden_size=24, num_hidden_layers=2, num_attention_heads=4,
                               max_position_embeddings=64, initializer_range=0.3, **ENDS) | changes)


llama = like_llama(LlamaConfig)
mistral = like_llama(MistralConfig)
mixtral = like_llama(MixtralConfig, num_local_experts=4)
qwen2 = like_llama(Qwen2Config)
qwen3 = like_llama(Qwen3Config, head_dim=8)
gemma = like_llama(GemmaConfig, head_dim=10)
gemma2 = like_llama(Gemma2Config, head_dim=8, query_pre_attn_scalar=6, sliding_window=5)
phi3 = like_llama(Phi3Config, original_max_position_embeddings=16)
olmo = like_llama(OlmoConfig)
olmo2 = like_llama(Olmo2Config)


def rope(kind, theta=10000.0, **fields):
    return dict(rope_type=kind, rope_theta=theta, **fields)


LLAMA3 = rope("llama3", 100.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=12)
LONG = rope("longrope", short_factor=[1.0, 1.1], long_factor=[1.5, 4.0], original_max_position_embeddings=12)
LONG_HALF = rope("longrope", 500.0, partial_rotary_factor=0.5, short_factor=[1.2, 1.0], long_factor=[2.0, 3.0],
                 attention_factor=1.3, original_max_position_embeddings=12)

# Name to class, configuration, and fields of config.json that a class of the reference reads but does not write.
CASES = {
    "gpt2-scaled-by-layer": ("GPT2LMHeadModel", gpt2(
        n_inner=26, n_layer=3, activation_function="relu", scale_attn_by_inverse_layer_idx=True,
        tie_word_embeddings=False)),
    "gpt2-unscaled": ("GPT2LMHeadModel", gpt2(
        scale_attn_weights=False, activation_function="silu", layer_norm_epsilon=1e-3, initializer_range=0.2,
        reorder_and_upcast_attn=True)),
    "llama-biased": ("LlamaForCausalLM", llama(
        attention_bias=True, mlp_bias=True, tie_word_embeddings=True, head_dim=8, hidden_act="gelu", pad_token_id=None)),
    "llama-linear": ("LlamaForCausalLM", llama(
        num_key_value_heads=1, rms_norm_eps=1e-3, rope_parameters=rope("linear", 200.0, factor=3.0))),
    "llama-dynamic": ("LlamaForCausalLM", llama(
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=12,
        rope_parameters=rope("dynamic", factor=2.5))),
    "llama-llama3": ("LlamaForCausalLM", llama(
        hidden_size=20, num_attention_heads=5, num_key_value_heads=5, rope_parameters=LLAMA3)),
    "mistral-window": ("MistralForCausalLM", mistral(
        sliding_window=5, head_dim=8, num_key_value_heads=1, hidden_act="gelu_new")),
    "mistral-tied": ("MistralForCausalLM", mistral(
        sliding_window=None, tie_word_embeddings=True, num_key_value_heads=4, rope_parameters=LLAMA3)),
    "mixtral-window": ("MixtralForCausalLM", mixtral(
        num_local_experts=5, num_experts_per_tok=3, sliding_window=4, head_dim=8, num_key_value_heads=1)),
    "mixtral-one-expert": ("MixtralForCausalLM", mixtral(
        num_local_experts=3, num_experts_per_tok=1, tie_word_embeddings=True, hidden_act="gelu_pytorch_tanh",
        rope_parameters=rope("linear", 1000.0, factor=2.0))),
    "qwen2-upper-windows": ("Qwen2ForCausalLM", qwen2(
        use_sliding_window=True, sliding_window=4, max_window_layers=1, num_hidden_layers=3, num_key_value_heads=1)),
    "qwen2-tied": ("Qwen2ForCausalLM", qwen2(
        sliding_window=4, tie_word_embeddings=True, num_key_value_heads=4, rms_norm_eps=1e-4, hidden_act="relu",
        rope_parameters=rope("default", 1e6))),
    "qwen2-layer-types": ("Qwen2ForCausalLM", qwen2(
        use_sliding_window=True, sliding_window=5, layer_types=["sliding_attention", "full_attention"],
        max_position_embeddings=12, rope_parameters=rope("dynamic", factor=2.0))),
    "qwen3-upper-windows": ("Qwen3ForCausalLM", qwen3(
        attention_bias=True, use_sliding_window=True, sliding_window=5, max_window_layers=1, num_key_value_heads=1)),
    "qwen3-tied": ("Qwen3ForCausalLM", qwen3(
        tie_word_embeddings=True, head_dim=10, num_key_value_heads=4, rope_parameters=LLAMA3)),
    "gemma-one-key-head": ("GemmaForCausalLM", gemma(num_key_value_heads=1, head_dim=8, rms_norm_eps=1e-4)),
    "gemma-untied": ("GemmaForCausalLM", gemma(
        tie_word_embeddings=False, attention_bias=True, hidden_act="relu", num_key_value_heads=4,
        rope_parameters=rope("linear", factor=2.0))),
    "gemma2-written-out": ("Gemma2ForCausalLM", gemma2(
        attn_logit_softcapping=1.5, final_logit_softcapping=4.0, query_pre_attn_scalar=3, num_key_value_heads=1,
        tie_word_embeddings=False),
        dict(attn_implementation="eager")),
    "gemma2-fused": ("Gemma2ForCausalLM", gemma2(
        attn_logit_softcapping=1.5, final_logit_softcapping=12.0, hidden_activation="silu", attention_bias=True, initializer_range=0.1, num_hidden_layers=3,
        rope_parameters=rope("default", 300.0))),
    "gemma2-uncapped": ("Gemma2ForCausalLM", gemma2(
        attn_logit_softcapping=None, final_logit_softcapping=None, num_hidden_layers=3, tie_word_embeddings=False,
        layer_types=["full_attention", "sliding_attention", "sliding_attention"]), dict(attn_implementation="eager")),
    "phi3-half-rotary": ("Phi3ForCausalLM", phi3(
        hidden_size=32, num_key_value_heads=1, sliding_window=5, hidden_act="gelu",
        rope_parameters=rope("default", partial_rotary_factor=0.5))),
    "phi3-long": ("Phi3ForCausalLM", phi3(
        hidden_size=16, tie_word_embeddings=True, num_key_value_heads=4, original_max_position_embeddings=12,
        rope_parameters=LONG)),
    "phi3-long-half-rotary": ("Phi3ForCausalLM", phi3(
        hidden_size=32, original_max_position_embeddings=12, sliding_window=11, rope_parameters=LONG_HALF)),
    "falcon-sequential-alibi": ("FalconForCausalLM", falcon(
        num_attention_heads=6, alibi=True, parallel_attn=False, multi_query=False, bias=True)),
    "falcon-parallel-alibi": ("FalconForCausalLM", falcon(
        alibi=True, tie_word_embeddings=False, ffn_hidden_size=30, activation="relu")),
    "falcon-sequential": ("FalconForCausalLM", falcon(
        parallel_attn=False, bias=True, layer_norm_epsilon=1e-3, rope_parameters=rope("linear", factor=2.0))),
    "falcon-new": ("FalconForCausalLM", falcon(new_decoder_architecture=True, num_kv_heads=2)),
    "falcon-new-one-norm": ("FalconForCausalLM", falcon(
        new_decoder_architecture=True, num_kv_heads=4, num_ln_in_parallel_attn=1, bias=True,
        max_position_embeddings=12, rope_parameters=rope("dynamic", factor=2.0))),
    "olmo-clipped": ("OlmoForCausalLM", olmo(clip_qkv=0.4, attention_bias=True, num_key_value_heads=1)),
    "olmo-tied": ("OlmoForCausalLM", olmo(
        tie_word_embeddings=True, num_key_value_heads=4, hidden_act="gelu", rope_parameters=rope("linear", factor=2.0))),
    "olmo2-biased": ("Olmo2ForCausalLM", olmo2(attention_bias=True, num_key_value_heads=1, rms_norm_eps=1e-3)),
    "olmo2-tied": ("Olmo2ForCausalLM", olmo2(
        tie_word_embeddings=True, num_key_value_heads=4, hidden_act="gelu_new", rope_parameters=LLAMA3)),
    "mixtral-many-experts": ("MixtralForCausalLM", mixtral(
        intermediate_size=8, num_local_experts=12, num_experts_per_tok=2, rope_parameters=rope("default", 300.0))),
}
# With this one an expert gets tokens in some steps of training, and in a later one none.
FIRST_SEEDS = {"mixtral-many-experts": 3213}


def as_new(model):
    """The frequencies of rotary positions may still be those of a text that went before."""
    for module in model.modules():
        if hasattr(module, "original_inv_freq"):
            module.inv_freq = module.original_inv_freq
            module.max_seq_len_cached = module.original_max_seq_len
    return model


def logits(model, text):
    return as_new(model)(input_ids=text[None], use_cache=False).logits[0]


def loss(model, texts):
    scores = torch.cat([logits(model, text)[:-1] for text in texts])
    return torch.nn.functional.cross_entropy(scores, torch.cat([text[1:] for text in texts]))


def losses(model, texts):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    values = []
    for _ in range(5):
        before = loss(model, texts)
        values.append(round(before.item(), 7))
        optimizer.zero_grad()
        before.backward()
        optimizer.step()
    return values


def continued(model, text):
    """The text with what follows it, the outputs before its last token, and by how much each token was the best."""
    found = as_new(model).generate(
        text[None], attention_mask=torch.ones_like(text)[None], do_sample=False, max_new_tokens=NEW, min_new_tokens=NEW,
        eos_token_id=None, output_logits=True, return_dict_in_generate=True,
        use_cache=model.config.model_type != "phi3")
    best = torch.stack(found.logits).topk(2, -1).values
    return found.sequences[0].tolist(), found.logits[-1][0], (best[..., 0] - best[..., 1]).min().item()


def padded(rows, value):
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=value)


def attempt(out, seed, class_name, config, more):
    torch.manual_seed(seed)
    model_class = getattr(transformers, class_name)
    perturbed(model_class(copy.deepcopy(config))).save_pretrained(out)
    written = json.loads((out / "config.json").read_text()) | more
    (out / "config.json").write_text(json.dumps(written, indent=2) + "\n")
    (out / "generation_config.json").unlink(missing_ok=True)
    model = model_class.from_pretrained(out).eval()
    texts = [torch.randint(3, config.vocab_size, (length,)) for length in LENGTHS]
    with torch.no_grad():
        outputs = padded([logits(model, text) for text in texts], 0)
        rows, last, margins = zip(*(continued(model, text) for text in texts))
    several = all(len(set(row[-NEW:])) > 4 for row in rows)
    if min(margins) < 2e-3 or not several:
        return False
    values = losses(copy.deepcopy(model), texts)
    if changed_by_rounding(model, lambda rounded: losses(rounded, texts), values):
        return False
    golden = dict(
        made_by=dict(script=pathlib.Path(__file__).name, torch=torch.__version__,
                     transformers=transformers.__version__, seed=seed),
        task="text-generation",
        inputs=dict(input_ids=padded(texts, ENDS["pad_token_id"]).tolist(),
                    attention_mask=padded([torch.ones_like(text) for text in texts], 0).tolist()),
        logits=numbers(outputs),
        generated=list(rows),
        logits_before_last=numbers(torch.stack(last)),
        training=dict(labels=dict(labels=padded(texts, -100).tolist()), losses=values))
    (out / "golden.json").write_text(json.dumps(golden) + "\n")
    print(out.name, seed, sum(f.stat().st_size for f in out.iterdir()) // 1024, "KiB", round(min(margins), 4), values,
          rows[1])
    return True


if __name__ == "__main__":
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()
    target = pathlib.Path(sys.argv[1])
    for number, (name, (class_name, config, *more)) in enumerate(CASES.items()):
        if not sys.argv[2:] or name in sys.argv[2:]:
            (target / name).mkdir(parents=True, exist_ok=True)
            next(seed for seed in itertools.count(FIRST_SEEDS.get(name, 100 * number))
                 if attempt(target / name, seed, class_name, config, more[0] if more else {}))
