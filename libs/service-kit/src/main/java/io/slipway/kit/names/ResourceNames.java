package io.slipway.kit.names;

import io.slipway.kit.errors.SlipwayException;
import java.util.regex.Pattern;

/** Takes resource names apart (AIP-122). */
public final class ResourceNames {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private ResourceNames() {}

  /**
   * The id in {@code collection/id}.
   *
   * @throws SlipwayException INVALID_ARGUMENT when the name is of another form
   */
  public static String id(String collection, String name) {
    String prefix = collection + "/";
    if (name.startsWith(prefix) && ID.matcher(name.substring(prefix.length())).matches()) {
      return name.substring(prefix.length());
    }
    throw SlipwayException.invalid(
        "\"" + name + "\" is not a name of the form " + collection + "/{id}.");
  }
}
