"""The peer's side of the benchmark: Python transformers on the same checkpoint.

usage: peer.py SECTION DTYPE MODEL DEVICE THREADS

Reads one measurement a line as JSON ({"work", "batch", "length", "warm_up", "runs"}) and answers each with a line:
{"ms", "least_ms"}, {"mib"} or {"error"}. Ends with its input.
"""
import gc
import json
import sys
import time

import torch
import transformers

section, dtype_name, path, device, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
autocast = dtype_name == "bf16-autocast"
dtype = torch.float32 if autocast else getattr(torch, dtype_name)
vocabulary = json.load(open(path + "/config.json"))["vocab_size"]
loaded = None


def tokens(batch, length):
    torch.manual_seed(0)
    return torch.randint(min(5, vocabulary - 1), vocabulary, (batch, length), device=device)


def load():
    global loaded
    kind = transformers.LlamaForCausalLM if section == "decoder" else transformers.BertForSequenceClassification
    if loaded is None:
        loaded = kind.from_pretrained(path, dtype=dtype).to(device).eval()
    return loaded


def unload():
    global loaded
    loaded = None
    gc.collect()


def done():
    if device != "cpu":
        torch.cuda.synchronize()


def classify(batch, length):
    ids = tokens(batch, length)
    mask = torch.ones_like(ids)
    return lambda: load()(input_ids=ids, attention_mask=mask)


def prefill(batch, length):
    ids = tokens(batch, length)
    return lambda: load()(input_ids=ids, use_cache=True, logits_to_keep=1)


def decode(batch, length):
    past = prefill(batch, length)().past_key_values
    following = tokens(batch, length)[:, :1]
    return lambda: load()(input_ids=following, past_key_values=past, use_cache=True)


def train(batch, length, lora):
    model = transformers.BertForSequenceClassification.from_pretrained(path).to(device)
    if lora:
        import peft

        model = peft.get_peft_model(
            model, peft.LoraConfig(task_type="SEQ_CLS", r=8, lora_alpha=16, target_modules=["query", "value"]))
    model.train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4)
    ids = tokens(batch, length)
    mask = torch.ones_like(ids)
    labels = torch.randint(0, model.config.num_labels, (batch,), device=device)

    def step():
        with torch.autocast(device.split(":")[0], torch.bfloat16, enabled=autocast):
            loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def first_answer(batch, length):
    if section == "training":
        return lambda: train(batch, length, False)()
    unload()
    return prefill(batch, length) if section == "decoder" else classify(batch, length)


def call(work, batch, length):
    if work.startswith("train-"):
        return train(batch, length, work == "train-lora")
    return {"load": first_answer, "encoder": classify, "prefill": prefill, "decode": decode}[work](batch, length)


def timed(work, warm_up, runs):
    millis = []
    for i in range(warm_up + runs):
        begin = time.perf_counter()
        work()
        done()
        millis.append((time.perf_counter() - begin) * 1e3)
    counted = sorted(millis[warm_up:])
    return {"ms": counted[len(counted) // 2], "least_ms": counted[0]}


def peak_memory():
    with open("/proc/self/status") as status:
        kib = next(line for line in status if line.startswith("VmHWM:")).split()[1]
    return {"mib": round(int(kib) / 1024)}


def answer(request):
    if request["work"] == "peak-memory":
        return peak_memory()
    grad = torch.enable_grad() if section == "training" else torch.inference_mode()
    with grad:
        work = call(request["work"], request["batch"], request["length"])
        return timed(work, request["warm_up"], request["runs"])


answers, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    try:
        result = answer(json.loads(line))
    except Exception as e:  # Said to whoever asked, who reports it.
        result = {"error": f"{type(e).__name__}: {e}"}
    print(json.dumps(result), file=answers, flush=True)
    gc.collect()
