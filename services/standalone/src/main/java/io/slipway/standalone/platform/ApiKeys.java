package io.slipway.standalone.platform;

/** The API key that comes with a standalone platform. */
public final class ApiKeys {

  private ApiKeys() {}

  public static String of(DataDirectory data) {
    return ServiceArguments.apiKey(data);
  }
}
