"""Makes the goldens of io.slipway.modelfiles.adapter through PEFT.

python make_adapter_goldens.py ../resources/adapter

targets.json: configurations, and what PEFT makes of them: the layers that it changes, their ranks
and scales, and the tensors that it saves. saved/: one of the adapters as PEFT saves it.
"""

import json
import sys
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
from peft.tuners.lora import LoraLayer

torch.set_num_threads(1)
torch.manual_seed(0)

SIZES = dict(vocab_size=12, hidden_size=8, num_hidden_layers=3, num_attention_heads=2)


def bert():
    return transformers.BertForSequenceClassification(
        transformers.BertConfig(**SIZES, intermediate_size=12, num_labels=3)
    )


def bert_answers():
    return transformers.BertForQuestionAnswering(transformers.BertConfig(**SIZES, intermediate_size=12))


def roberta():
    return transformers.RobertaForSequenceClassification(
        transformers.RobertaConfig(**SIZES, intermediate_size=12, max_position_embeddings=10)
    )


def distilbert():
    return transformers.DistilBertForSequenceClassification(
        transformers.DistilBertConfig(vocab_size=12, dim=8, n_layers=1, n_heads=2, hidden_dim=12)
    )


def llama():
    return transformers.LlamaForCausalLM(
        transformers.LlamaConfig(**SIZES, intermediate_size=12, num_key_value_heads=1)
    )


def gpt2():
    return transformers.GPT2LMHeadModel(
        transformers.GPT2Config(vocab_size=12, n_embd=8, n_layer=2, n_head=2)
    )


def t5():
    return transformers.T5ForConditionalGeneration(
        transformers.T5Config(vocab_size=12, d_model=8, d_kv=4, d_ff=12, num_layers=2, num_heads=2)
    )


CASES = {
    "names": (bert, dict(task_type="SEQ_CLS", target_modules=["query", "value"], r=4)),
    "names of which some end alike": (bert, dict(task_type="SEQ_CLS", target_modules=["dense"], r=2)),
    "whole path": (
        bert,
        dict(
            task_type="SEQ_CLS",
            target_modules=["bert.encoder.layer.0.attention.self.key", "self.query"],
            lora_alpha=3,
            r=2,
        ),
    ),
    "expression": (
        llama,
        dict(
            task_type="CAUSAL_LM",
            target_modules=r".*\.(0|2)\.self_attn\.[qv]_proj$",
            r=2,
            lora_alpha=32,
        ),
    ),
    "expression with lookahead": (
        llama,
        dict(task_type="CAUSAL_LM", target_modules=r"^(?!.*mlp).*(?:q_proj|k_proj|down_proj)", r=2),
    ),
    "all linear, with a language model's head": (
        llama,
        dict(task_type="CAUSAL_LM", target_modules="all-linear", r=2),
    ),
    "all linear, with a classifier": (
        bert,
        dict(task_type="SEQ_CLS", target_modules="all-linear", r=2),
    ),
    "all linear, with layers in the classifier": (
        roberta,
        dict(task_type="SEQ_CLS", target_modules="all-linear", r=2),
    ),
    "all linear, without a task": (gpt2, dict(target_modules="All-Linear", r=2, fan_in_fan_out=True)),
    "layers": (
        bert,
        dict(
            task_type="SEQ_CLS",
            target_modules=["query", "value", "bert.encoder.layer.2.output.dense"],
            layers_to_transform=[0, 2],
            r=2,
        ),
    ),
    "one layer, with a pattern": (
        llama,
        dict(
            task_type="CAUSAL_LM",
            target_modules=["q_proj"],
            layers_to_transform=1,
            layers_pattern=["h", "layers"],
            r=2,
        ),
    ),
    "ranks and scales": (
        llama,
        dict(
            task_type="CAUSAL_LM",
            target_modules=["q_proj", "k_proj", "down_proj"],
            r=4,
            lora_alpha=16,
            rank_pattern={"layers.1.self_attn.q_proj": 6, "q_proj": 3, "mlp.*": 1, "proj": 9},
            alpha_pattern={"down_proj": 5, r"layers\.[01]\..*k_proj": 7},
        ),
    ),
    "rank-stabilized": (
        bert,
        dict(
            task_type="SEQ_CLS",
            target_modules=["query", "key"],
            use_rslora=True,
            r=6,
            lora_alpha=10,
            lora_dropout=0.125,
            rank_pattern={"key": 3},
            modules_to_save=["pooler"],
        ),
    ),
    "excluded by name": (
        llama,
        dict(
            task_type="CAUSAL_LM",
            target_modules=["q_proj", "v_proj"],
            exclude_modules=["layers.1.self_attn.q_proj", "v_proj"],
            r=2,
        ),
    ),
    "excluded by expression": (
        llama,
        dict(
            task_type="CAUSAL_LM",
            target_modules="all-linear",
            exclude_modules=r"model\.layers\.[12]\..*",
            r=2,
        ),
    ),
    "a saved name that is the end of another": (
        distilbert,
        dict(task_type="SEQ_CLS", target_modules=["q_lin"], r=2),
    ),
    "saved modules within one": (
        roberta,
        dict(task_type="SEQ_CLS", target_modules=["dense"], r=2),
    ),
    "saved norms": (
        llama,
        dict(task_type="CAUSAL_LM", target_modules=["o_proj"], modules_to_save=["input_layernorm"], r=2),
    ),
    "answers": (bert_answers, dict(task_type="QUESTION_ANS", target_modules=["value"], r=2)),
    "encoder and decoder": (t5, dict(target_modules=["q", "v"], r=2)),
}


def linear_layers(model):
    kinds = (torch.nn.Linear, transformers.pytorch_utils.Conv1D)
    return [name for name, module in model.named_modules() if isinstance(module, kinds)]


def golden(make, settings):
    config = LoraConfig(**settings)
    model = make()
    layers = linear_layers(model)
    head = model.get_output_embeddings()
    output = next((name for name, module in model.named_modules() if module is head), None)
    written = config.to_dict()
    written = {k: sorted(v) if isinstance(v, set) else v for k, v in written.items()}
    adapted = get_peft_model(model, config)
    changes = {
        name.removeprefix("base_model.model."): [module.r["default"], module.scaling["default"]]
        for name, module in adapted.named_modules()
        if isinstance(module, LoraLayer)
    }
    saved = get_peft_model_state_dict(adapted, save_embedding_layers=False)
    return adapted, {
        "config": written,
        "linear_layers": layers,
        "output_embedding": output,
        "changes": changes,
        "tensors": {name: list(tensor.shape) for name, tensor in sorted(saved.items())},
    }


def main(directory):
    goldens = {}
    for name, (make, settings) in CASES.items():
        adapted, goldens[name] = golden(make, settings)
        if name == "rank-stabilized":
            for parameter in adapted.parameters():
                torch.nn.init.normal_(parameter)
            adapted.save_pretrained(directory / "saved")
            (directory / "saved" / "README.md").unlink()
            values = get_peft_model_state_dict(adapted, save_embedding_layers=False)
            sums = {key: float(value.double().sum()) for key, value in sorted(values.items())}
            goldens[name]["sums"] = sums
    made_by = {"peft": peft.__version__, "transformers": transformers.__version__}
    text = json.dumps({"made_by": made_by, "cases": goldens}, indent=1)
    (directory / "targets.json").write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
