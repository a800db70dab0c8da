package io.slipway.registry;

import io.slipway.kit.errors.SlipwayException;
import java.util.regex.Pattern;

/**
 * Id of a model in the registry.
 *
 * @param namespace who made it, as on the hub
 */
public record ModelId(String namespace, String model) {

  /** Namespace of models that have no owner on the hub. */
  private static final String WITHOUT_OWNER = "hub";

  private static final String COLLECTION = "models/";
  private static final Pattern SEGMENT =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");

  public ModelId {
    if (!isSegment(namespace) || !isSegment(model)) {
      throw SlipwayException.invalid(
          "\"%s/%s\" is not a model's id: expected namespace/model, each of up to 96 letters, digits, '.', '_' and '-'."
              .formatted(namespace, model));
    }
  }

  private static boolean isSegment(String text) {
    return SEGMENT.matcher(text).matches() && !text.contains("..") && !text.contains("--");
  }

  /**
   * Reads {@code namespace/model}.
   *
   * @throws SlipwayException INVALID_ARGUMENT
   */
  public static ModelId parse(String id) {
    int slash = id.indexOf('/');
    if (slash < 0) {
      throw SlipwayException.invalid(
          "\"" + id + "\" is not a model's id: expected namespace/model.");
    }
    return new ModelId(id.substring(0, slash), id.substring(slash + 1));
  }

  /**
   * Reads an id of the hub, {@code owner/model} or, for some old models, {@code model} alone.
   *
   * @throws SlipwayException INVALID_ARGUMENT
   */
  public static ModelId ofHub(String hubId) {
    return hubId.contains("/") ? parse(hubId) : new ModelId(WITHOUT_OWNER, hubId);
  }

  /**
   * Reads {@code models/{namespace}/{model}}.
   *
   * @throws SlipwayException INVALID_ARGUMENT
   */
  public static ModelId ofName(String name) {
    if (!name.startsWith(COLLECTION)) {
      throw SlipwayException.invalid(
          "\"" + name + "\" is not a name of the form models/{namespace}/{model}.");
    }
    return parse(name.substring(COLLECTION.length()));
  }

  /** Resource name. */
  public String name() {
    return COLLECTION + this;
  }

  /** {@code namespace/model}. */
  @Override
  public String toString() {
    return namespace + "/" + model;
  }
}
