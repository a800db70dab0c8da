"""Makes the tokenizer repositories under src/test/resources/tokenizers with the reference implementation.

Run it from the module's folder, in a Python environment with transformers, tokenizers and sentencepiece:

    python src/test/python/make_tokenizer_goldens.py src/test/resources/tokenizers

Each case is a repository without a tokenizer.json, with a small vocabulary that is trained here, and a golden.json with
what the reference makes of awkward texts: ids, offsets, words, pairs, windows and decoded text.
"""

import collections
import io
import json
import pathlib
import shutil
import sys
import tempfile

import sentencepiece
import tokenizers
import transformers
from transformers import AutoTokenizer

CORPUS = """my parcel has not arrived since monday, please help!
charged twice again: refund my order, please.
the app will not open; account blocked, password lost
Hello World, hello there. I can't, you won't, we're done, it's mine.
the quick brown fox jumps over the lazy dog 1234567890
der schnelle braune Fuchs springt über den faulen Hund
le café est fermé, naïve façade, où êtes-vous?
Straße Größe Ärger Übung mañana señor
你好 世界 中文 日本語 のテキスト が ひらがな カタカナ 한국어
the parcel was late and the order was wrong and the app was slow
translation of the sentence into another language
hello hello world world the the and and of of to to in in""".split("\n")

TEXTS = [
    "", " ", "hello world", "Hello, World!", "  two  spaces   three ", "tabs\tand\nnewlines\r\n here",
    "café naïve Über Straße ÅNGSTRÖM", "cafe\u0301 u\u0308ber", "你好，世界 中文abc", "日本語のテキスト か\u3099 ガ", "한국어 ᄒ\u1161ᆫ",
    "😀 emoji 👩\u200d👩\u200d👧 family 🇩🇪", "control\u0000chars\u0001\u200b\ufeff\u00ad", "\u00a0nbsp\u3000wide \u2028line",
    "ＦＵＬＬ width ﬁ ① x²", "don't can't we're I'm ' quoted ' it's", "a.b,c;d!e?f (g) [h] {i}", "1234567 3.14 -5%",
    "marks <s> </s> <unk> <pad><mask> [CLS] a [SEP] [MASK] [UNK][PAD]", "turn <bos>a<eos> <|endoftext|>b <start_of_turn>c",
    "<extra_id_0> fill<extra_id_1> <extra_id_99>", "a  <mask>  b", "مرحبا עברית हिन्दी", "▁under ▁ line▁", "Ġbyte Ċ",
    "unbelievable" * 12, "end ", ">>de<< hello >>fr<< world", "\ufffd replaced", "!?!.,;:", "my parcel.\n\n\nthe order",
]
WORDS = ["hello", "Übung", "unbelievable", "世界", "😀", "don't", "x"]
QUESTION = "what was late?"
CONTEXT = "The parcel was late, the café closed and 世界 the quick brown fox 😀 jumps over the lazy dog again and again."

# A character map that is smaller than SentencePiece's own, with its kinds of rules: one to one, one to many, many to
# one, to nothing, and white space to spaces.
RULES = [(chr(0xFF21 + i), chr(0x41 + i)) for i in range(26)] + [
    ("ﬁ", "fi"), ("①", "1"), ("²", "2"), ("e\u0301", "é"), ("u\u0308", "ü"), ("か\u3099", "が"), ("ᄒ\u1161", "하"),
    ("ᄒ\u1161ᆫ", "한"), ("\t", " "), ("\n", " "), ("\r", " "), ("\u00a0", " "), ("\u3000", " "), ("\u2028", " "),
    ("\u200b", " "), ("\ufeff", ""), ("\u00ad", ""), ("\u0001", "")]


def write(folder, name, value):
    (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def word_pieces(folder, special, normalizer):
    t = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizer
    t.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    t.train_from_iterator(CORPUS, tokenizers.trainers.WordPieceTrainer(vocab_size=260, special_tokens=special))
    pieces = sorted(t.get_vocab(), key=t.get_vocab().get)
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")


def byte_level(folder, special, last=()):
    t = tokenizers.Tokenizer(tokenizers.models.BPE())
    t.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.train_from_iterator(CORPUS, tokenizers.trainers.BpeTrainer(
        vocab_size=360, special_tokens=special, initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet()))
    model = json.loads(t.to_str())["model"]
    vocabulary = model["vocab"]
    for token in last:
        vocabulary[token] = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    merges = ["#version: 0.2"] + [" ".join(merge) for merge in model["merges"]]
    (folder / "merges.txt").write_text("\n".join(merges) + "\n", encoding="utf-8")


def sentence_pieces(folder, name, kind, size, rules=True, corpus=CORPUS, **options):
    with tempfile.TemporaryDirectory() as temp:
        if rules:
            table = pathlib.Path(temp) / "rules.tsv"
            table.write_text("".join(
                " ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) + "\n" for a, b in RULES))
            options["normalization_rule_tsv"] = str(table)
        else:
            options["normalization_rule_name"] = "identity"
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(corpus * 3), model_writer=model, model_type=kind, vocab_size=size,
            hard_vocab_limit=False, num_threads=1, minloglevel=2, **options)
    (folder / name).write_bytes(model.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def bert(folder):
    word_pieces(folder, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
                tokenizers.normalizers.BertNormalizer(lowercase=True))
    write(folder, "config.json", {"model_type": "bert"})
    write(folder, "tokenizer_config.json", {"do_lower_case": True, "model_max_length": 512})


def bert_cased(folder):
    word_pieces(folder, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
                tokenizers.normalizers.BertNormalizer(lowercase=False))
    write(folder, "config.json", {"model_type": "electra"})
    write(folder, "tokenizer_config.json", {
        "do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False, "tokenizer_class": "BertTokenizer",
        "clean_up_tokenization_spaces": True, "truncation_side": "left", "pad_token": "[EXTRA_PAD]"})
    write(folder, "special_tokens_map.json", {
        "mask_token": {"content": "[MASK]", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False},
        "additional_special_tokens": ["<mark>"]})


def distilbert(folder):
    word_pieces(folder, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
                tokenizers.normalizers.BertNormalizer(lowercase=True))
    write(folder, "config.json", {"model_type": "distilbert"})


def mpnet(folder):
    word_pieces(folder, ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"], tokenizers.normalizers.BertNormalizer(lowercase=True))
    write(folder, "config.json", {"model_type": "mpnet"})
    write(folder, "tokenizer_config.json", {"tokenizer_class": "MPNetTokenizer", "do_lower_case": True})


def gpt2(folder):
    byte_level(folder, [], ["<|endoftext|>"])
    write(folder, "config.json", {"model_type": "gpt2"})
    write(folder, "tokenizer_config.json", {"model_max_length": 1024})


def gpt2_bos(folder):
    byte_level(folder, [], ["<|endoftext|>"])
    write(folder, "config.json", {"model_type": "gpt2"})
    write(folder, "tokenizer_config.json", {
        "add_bos_token": True, "add_prefix_space": True, "pad_token": "<|pad|>", "tokenizer_class": "GPT2Tokenizer"})


def roberta(folder):
    byte_level(folder, ["<s>", "<pad>", "</s>", "<unk>"], ["<mask>"])
    write(folder, "config.json", {"model_type": "roberta"})
    write(folder, "tokenizer_config.json", {"add_prefix_space": True, "model_max_length": 512})
    write(folder, "special_tokens_map.json", {
        "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>", "pad_token": "<pad>",
        "cls_token": "<s>",
        "mask_token": {"content": "<mask>", "single_word": False, "lstrip": True, "rstrip": False, "normalized": False}})


def bart(folder):
    byte_level(folder, ["<s>", "<pad>", "</s>", "<unk>"], ["<mask>"])
    write(folder, "config.json", {"model_type": "bart"})


def qwen2(folder):
    byte_level(folder, [])
    size = len(json.loads((folder / "vocab.json").read_text()))
    token = lambda content, special: {
        "content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": special}
    write(folder, "config.json", {"model_type": "qwen2"})
    write(folder, "tokenizer_config.json", {
        "tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": False, "bos_token": None, "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>", "unk_token": None, "additional_special_tokens": ["<|im_start|>", "<|im_end|>"],
        "added_tokens_decoder": {
            str(size): token("<|endoftext|>", True), str(size + 1): token("<|im_start|>", True),
            str(size + 2): token("<|im_end|>", True), str(size + 3): token("<tool_call>", False)}})


def t5(folder):
    sentence_pieces(folder, "spiece.model", "unigram", 260, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    write(folder, "config.json", {"model_type": "t5"})


def t5_configured(folder):
    sentence_pieces(folder, "spiece.model", "unigram", 240, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    extra = [f"<extra_id_{i}>" for i in range(4)]
    write(folder, "config.json", {"model_type": "mt5"})
    write(folder, "tokenizer_config.json", {
        "tokenizer_class": "T5Tokenizer", "extra_ids": 4, "additional_special_tokens": extra, "eos_token": "</s>",
        "unk_token": "<unk>", "pad_token": "<pad>", "model_max_length": 512, "clean_up_tokenization_spaces": True})
    write(folder, "special_tokens_map.json", {
        "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>", "additional_special_tokens": extra})


def xlm_roberta(folder):
    sentence_pieces(folder, "sentencepiece.bpe.model", "unigram", 260)
    write(folder, "config.json", {"model_type": "xlm-roberta"})


def camembert(folder):
    sentence_pieces(folder, "sentencepiece.bpe.model", "unigram", 260)
    write(folder, "config.json", {"model_type": "camembert"})


LLAMA = dict(byte_fallback=True, split_digits=True, add_dummy_prefix=True, remove_extra_whitespaces=False,
             allow_whitespace_only_pieces=True, character_coverage=0.99)


def llama(folder):
    sentence_pieces(folder, "tokenizer.model", "bpe", 420, rules=False, **LLAMA)
    write(folder, "config.json", {"model_type": "llama"})
    write(folder, "tokenizer_config.json", {
        "tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "add_eos_token": False, "bos_token": "<s>",
        "eos_token": "</s>", "unk_token": "<unk>", "model_max_length": 1000000000000000019884624838656})


def llama_legacy(folder):
    p = sentence_pieces(folder, "tokenizer.model", "bpe", 420, rules=False, user_defined_symbols=["<tool>", "  "], **LLAMA)
    special = {"__type": "AddedToken", "content": "</s>", "lstrip": False, "normalized": True, "rstrip": False,
               "single_word": False}
    write(folder, "config.json", {"model_type": "llama"})
    write(folder, "tokenizer_config.json", {
        "tokenizer_class": "LlamaTokenizerFast", "legacy": True, "add_bos_token": True, "add_eos_token": True,
        "eos_token": special})
    write(folder, "added_tokens.json", {"<pad>": p.get_piece_size(), "<plain>": p.get_piece_size() + 1})
    write(folder, "special_tokens_map.json", {"pad_token": "<pad>"})


def gemma(folder):
    sentence_pieces(
        folder, "tokenizer.model", "bpe", 430, rules=False, pad_id=0, eos_id=1, bos_id=2, unk_id=3, bos_piece="<bos>",
        eos_piece="<eos>", user_defined_symbols=["<mask>", "<start_of_turn>", "\n\n", "\t"], **{**LLAMA, "add_dummy_prefix": False})
    write(folder, "config.json", {"model_type": "gemma2"})
    write(folder, "tokenizer_config.json", {"tokenizer_class": "GemmaTokenizer", "add_bos_token": True})


def mistral(folder):
    sentence_pieces(folder, "tokenizer.model", "bpe", 420, rules=True, **LLAMA)
    write(folder, "config.json", {"model_type": "mistral"})
    write(folder, "tokenizer_config.json", {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True})


def deberta_v2(folder):
    p = sentence_pieces(
        folder, "spm.model", "unigram", 260, pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]", bos_piece="[CLS]",
        eos_piece="[SEP]", unk_piece="[UNK]")
    write(folder, "config.json", {"model_type": "deberta-v2"})
    write(folder, "tokenizer_config.json", {"do_lower_case": False, "vocab_type": "spm"})
    write(folder, "added_tokens.json", {"[MASK]": p.get_piece_size()})


def deberta_v2_lower(folder):
    sentence_pieces(
        folder, "spm.model", "unigram", 260, pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]", bos_piece="[CLS]",
        eos_piece="[SEP]", unk_piece="[UNK]")
    write(folder, "config.json", {"model_type": "deberta-v2"})
    write(folder, "tokenizer_config.json", {"do_lower_case": True, "split_by_punct": True, "add_prefix_space": False})


def marian(folder):
    a = sentence_pieces(folder, "source.spm", "unigram", 220, corpus=CORPUS[:6] + CORPUS[9:], pad_id=-1)
    b = sentence_pieces(folder, "target.spm", "unigram", 220, corpus=CORPUS[3:9], pad_id=-1)
    pieces = [a.id_to_piece(i) for i in range(3, a.get_piece_size())]
    pieces += [b.id_to_piece(i) for i in range(3, b.get_piece_size())]
    pieces = list(dict.fromkeys(["</s>", "<unk>"] + pieces[: -10] + [">>de<<", "<pad>"]))
    (folder / "vocab.json").write_text(
        json.dumps({p: i for i, p in enumerate(pieces)}, ensure_ascii=False), encoding="utf-8")
    write(folder, "config.json", {"model_type": "marian"})
    write(folder, "tokenizer_config.json", {"source_lang": "en", "target_lang": "de"})


def marian_separate(folder):
    a = sentence_pieces(folder, "source.spm", "unigram", 220, rules=False, corpus=CORPUS[:6], pad_id=-1)
    b = sentence_pieces(folder, "target.spm", "unigram", 220, corpus=CORPUS[3:], pad_id=-1)
    for p, name in ((a, "vocab.json"), (b, "target_vocab.json")):
        pieces = ["</s>", "<unk>"] + [p.id_to_piece(i) for i in range(3, p.get_piece_size())] + ["<pad>"]
        (folder / name).write_text(json.dumps({p: i for i, p in enumerate(pieces)}, ensure_ascii=False), encoding="utf-8")
    write(folder, "config.json", {"model_type": "marian"})
    write(folder, "tokenizer_config.json", {
        "tokenizer_class": "MarianTokenizer", "separate_vocabs": True, "clean_up_tokenization_spaces": True})


CASES = [bert, bert_cased, distilbert, mpnet, gpt2, gpt2_bos, roberta, bart, qwen2, t5, t5_configured, xlm_roberta,
         camembert, llama, llama_legacy, gemma, mistral, deberta_v2, deberta_v2_lower, marian, marian_separate]


def parts(encoding):
    """Ids with, for each token, the text it is of, its word and its offsets; null for special tokens."""
    return {
        "ids": encoding.ids, "types": encoding.type_ids, "sequences": encoding.sequence_ids, "words": encoding.word_ids,
        "offsets": [None if s is None else list(o) for s, o in zip(encoding.sequence_ids, encoding.offsets)]}


def windows(tokenizer, length, stride, strategy, *texts):
    """Overflowing windows over whole texts: encoding with a limit loses tokens beyond it in tokenizers 0.23.

    Without types: the library gives those of the template to the first window only.
    """
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    processor = backend.post_processor
    backend.post_processor = tokenizers.processors.Sequence([])
    encodings = [backend.encode(text, add_special_tokens=False) for text in texts]
    backend.post_processor = processor
    backend.enable_truncation(length, stride=stride, strategy=strategy, direction=tokenizer.truncation_side)
    first = backend.post_process(*encodings)
    backend.no_truncation()
    cut = [{k: v for k, v in parts(e).items() if k != "types"} for e in [first] + first.overflowing]
    if "Roberta" in str(processor) and "trim_offsets=True" in str(processor):
        # It also keeps the space before the first token of a window, which it trims everywhere else.
        for window in cut[1:]:
            at = window["sequences"].index(len(texts) - 1)
            start, end = window["offsets"][at]
            start += texts[-1][start] == " "
            window["offsets"][at] = [start, max(start, end)]
    return cut


def golden(tokenizer):
    fast = tokenizer.is_fast
    roles = {role: getattr(tokenizer, role + "_token_id") for role in ("bos", "eos", "unk", "sep", "pad", "cls", "mask")}
    out = {
        "made_by": {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__,
                    "sentencepiece": sentencepiece.__version__, "class": type(tokenizer).__name__},
        "vocabulary_size": len(tokenizer),
        "special_tokens": {role: i for role, i in roles.items() if i is not None},
        "special_ids": sorted(i for i, t in tokenizer.added_tokens_decoder.items() if t.special),
        "texts": [],
    }
    for text in TEXTS:
        ids = tokenizer(text)["input_ids"]
        case = {"text": text}
        case.update(parts(tokenizer(text).encodings[0]) if fast else {"ids": ids})
        case["bare"] = tokenizer(text, add_special_tokens=False)["input_ids"]
        case["decoded"] = tokenizer.decode(ids, skip_special_tokens=True)
        case["decoded_all"] = tokenizer.decode(ids, skip_special_tokens=False)
        if not fast:
            case["target"] = tokenizer(text_target=text)["input_ids"]
        out["texts"].append(case)
    if fast:
        encode = lambda *a, **k: [parts(e) for e in tokenizer(*a, truncation=k.pop("truncation", True), **k).encodings]
        out["pair"] = encode(QUESTION, CONTEXT, max_length=512)[0]
        out["pairs_cut"] = [encode(QUESTION, CONTEXT, max_length=n)[0]["ids"] for n in (40, 20, 9)] + [
            encode(CONTEXT, QUESTION, max_length=20)[0]["ids"]]
        out["words"] = {"given": WORDS, **encode(WORDS, is_split_into_words=True, max_length=512)[0]}
        out["question_windows"] = windows(tokenizer, 32, 6, "only_second", QUESTION, CONTEXT)
        out["windows"] = windows(tokenizer, 16, 5, "only_first", CONTEXT)
        tokenizer.truncation_side = "left"
        out["left"] = encode(CONTEXT, max_length=16)[0]["ids"]
    return out


def main(out):
    for case in CASES:
        folder = out / case.__name__.replace("_", "-")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        case(folder)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        text = json.dumps(golden(tokenizer), ensure_ascii=False, separators=(",", ":"))
        (folder / "golden.json").write_text(text.replace('{"text"', '\n{"text"') + "\n", encoding="utf-8")
        print(folder.name, type(tokenizer).__name__, len(tokenizer))
        if len(sys.argv) > 2 and tokenizer.is_fast:
            dump = pathlib.Path(sys.argv[2])
            dump.mkdir(exist_ok=True)
            (dump / (folder.name + ".json")).write_text(tokenizer.backend_tokenizer.to_str(pretty=True))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
