package io.slipway.modelfiles.chat;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.chat.jinja.Limits;
import io.slipway.modelfiles.chat.jinja.Rendered;
import io.slipway.modelfiles.chat.jinja.Template;
import io.slipway.modelfiles.chat.jinja.TemplateException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The chat templates of a checkpoint, usually one. Safe for use by many threads.
 *
 * <p>Sources are parsed when they are first needed, so that a template that is malformed, or one
 * for tools that uses what is not supported, hinders nothing but its own use.
 */
public final class ChatTemplate {

  private static final String DEFAULT = "default";
  private static final String TOOL_USE = "tool_use";

  private final Map<String, String> sources;
  private final Map<String, String> specialTokens;
  private final Clock clock;
  private final Map<String, Template> parsed = new ConcurrentHashMap<>();

  /**
   * @param sources templates by name
   * @param specialTokens texts by the names that templates know them by, such as {@code bos_token}
   * @param clock the time and the zone that templates show
   */
  public ChatTemplate(Map<String, String> sources, Map<String, String> specialTokens, Clock clock) {
    this.sources = Map.copyOf(sources);
    this.specialTokens = Map.copyOf(specialTokens);
    this.clock = clock;
  }

  /** Whether a file of a checkpoint, by its path, is one that {@link #open} may read. */
  public static boolean isReadFrom(String path) {
    return ChatTemplateFiles.isOne(path);
  }

  /**
   * Reads a checkpoint's templates and special tokens; empty when it has no template.
   *
   * @throws ModelFilesException MALFORMED_TOKENIZER, when the files cannot be read
   */
  public static Optional<ChatTemplate> open(Path directory) throws IOException {
    return open(directory, Clock.systemDefaultZone());
  }

  /** Like {@link #open(Path)}, with another clock. */
  public static Optional<ChatTemplate> open(Path directory, Clock clock) throws IOException {
    ChatTemplateFiles files = ChatTemplateFiles.read(directory);
    return files.templates().isEmpty()
        ? Optional.empty()
        : Optional.of(new ChatTemplate(files.templates(), files.specialTokens(), clock));
  }

  /** Names of the templates. */
  public Set<String> names() {
    return new TreeSet<>(sources.keySet());
  }

  /**
   * Renders a conversation as the reference does.
   *
   * @throws TemplateException when the template refuses the conversation (RAISED, with its own
   *     message), or cannot be rendered
   * @throws ModelFilesException UNSUPPORTED_CONFIG, when there is no template of the name that is
   *     asked for, or several and none is the default
   */
  public String render(ChatRequest request) {
    return renderTracked(request).text();
  }

  /**
   * Like {@link #render}, and tells which parts the assistant said: those in {@code generation}
   * blocks, which only some templates have.
   */
  public Rendered renderTracked(ChatRequest request) {
    String source = source(request);
    Template template = parsed.computeIfAbsent(source, Template::parse);
    Continuation continuation = new Continuation(request, source);
    Map<String, JsonNode> variables = new HashMap<>();
    specialTokens.forEach(
        (name, token) -> variables.put(name, JsonNodeFactory.instance.stringNode(token)));
    variables.putAll(request.variables());
    JsonNode none = JsonNodeFactory.instance.nullNode();
    variables.put("messages", continuation.messages());
    variables.put("tools", request.tools().orElse(none));
    variables.put("documents", request.documents().orElse(none));
    variables.put(
        "add_generation_prompt",
        JsonNodeFactory.instance.booleanNode(request.addGenerationPrompt()));
    return continuation.cut(template.render(variables, clock, Limits.DEFAULT));
  }

  /**
   * Renders a complete conversation to learn from, and tells which parts the assistant said: those
   * in the template's {@code generation} blocks, or, where it has none, what follows each prompt.
   *
   * @throws TemplateException as {@link #render}
   * @throws IllegalArgumentException when the parts cannot be told
   */
  public Rendered renderLearned(ChatRequest request) {
    Rendered tracked = renderTracked(request.complete());
    return tracked.generated().isEmpty() ? new AssistantParts(this, request).find() : tracked;
  }

  private String source(ChatRequest request) {
    String name =
        request
            .template()
            .or(
                () ->
                    request.tools().isPresent() && sources.containsKey(TOOL_USE)
                        ? Optional.of(TOOL_USE)
                        : Optional.empty())
            .orElse(DEFAULT);
    String source = sources.get(name);
    if (source == null) {
      throw new ModelFilesException(
          Reason.UNSUPPORTED_CONFIG,
          "there is no chat template \"%s\"; there are: %s"
              .formatted(name, String.join(", ", names())));
    }
    return source;
  }
}
