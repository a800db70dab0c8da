package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.tokenizer.TokenizerParts.Template;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** How each family frames a text, or a pair of texts, with special tokens. */
final class PostProcessing {

  private PostProcessing() {}

  /** The post-processor of a tokenizer whose special tokens have their ids by now. */
  static ObjectNode of(
      TokenizerClass kind,
      TokenizerJson json,
      TokenizerSettings settings,
      Map<String, AddedToken> roles) {
    return switch (kind) {
      case BERT, DEBERTA_V2 ->
          TokenizerParts.template(
              json, roles, new Template("cls:0 A:0 sep:0", "cls:0 A:0 sep:0 B:1 sep:1"));
      case MPNET -> TokenizerParts.robertaProcessing(json, roles, true, false);
      case ROBERTA ->
          TokenizerParts.robertaProcessing(
              json,
              roles,
              settings.flag("trim_offsets", true),
              settings.flag("add_prefix_space", false));
      case T5, MARIAN ->
          TokenizerParts.template(json, roles, new Template("A:0 eos:0", "A:0 eos:0 B:0 eos:0"));
      case XLM_ROBERTA, CAMEMBERT ->
          TokenizerParts.template(
              json, roles, new Template("bos:0 A:0 eos:0", "bos:0 A:0 eos:0 eos:0 B:0 eos:0"));
      case GPT2, GPT_NEOX, QWEN2, LLAMA, GEMMA, GENERIC, OTHER -> {
        boolean bos = settings.flag("add_bos_token", false) && roles.containsKey("bos");
        boolean eos = settings.flag("add_eos_token", false) && roles.containsKey("eos");
        String first = (bos ? "bos:0 " : "") + "A:0" + (eos ? " eos:0" : "");
        String second = (bos ? "bos:1 " : "") + "B:1" + (eos ? " eos:1" : "");
        yield TokenizerParts.template(json, roles, new Template(first, first + " " + second));
      }
    };
  }
}
