package io.slipway.registry;

import io.slipway.kit.errors.SlipwayException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resource name of a version: {@code models/{namespace}/{model}/versions/{n}}.
 *
 * @param number counts from 1
 */
public record VersionName(ModelId model, int number) {

  private static final Pattern FORM = Pattern.compile("(models/.+)/versions/([1-9][0-9]{0,8})");

  /**
   * @throws SlipwayException INVALID_ARGUMENT
   */
  public static VersionName parse(String name) {
    Matcher form = FORM.matcher(name);
    if (!form.matches()) {
      throw SlipwayException.invalid(
          "\"" + name + "\" is not a name of the form models/{namespace}/{model}/versions/{n}.");
    }
    return new VersionName(ModelId.ofName(form.group(1)), Integer.parseInt(form.group(2)));
  }

  static boolean matches(String name) {
    return FORM.matcher(name).matches();
  }

  /** The resource name itself. */
  @Override
  public String toString() {
    return model.name() + "/versions/" + number;
  }
}
