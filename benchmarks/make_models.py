"""Makes the two checkpoints that the benchmark runs on, with random weights, in Hub layout.

usage: make_models.py OUT_DIR     (in a Python environment with torch and transformers)
"""
import pathlib
import sys

import torch
from transformers import BertConfig, BertForSequenceClassification, LlamaConfig, LlamaForCausalLM


def make(out):
    torch.manual_seed(0)
    encoder = BertForSequenceClassification(BertConfig(
        vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536,
        num_labels=4))
    encoder.save_pretrained(out / "minilm-size")
    decoder = LlamaForCausalLM(LlamaConfig(
        vocab_size=32000, hidden_size=1024, num_hidden_layers=16, num_attention_heads=16, num_key_value_heads=8,
        intermediate_size=2816, max_position_embeddings=2048))
    decoder.to(torch.bfloat16).save_pretrained(out / "llama-254m")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    make(pathlib.Path(sys.argv[1]))
