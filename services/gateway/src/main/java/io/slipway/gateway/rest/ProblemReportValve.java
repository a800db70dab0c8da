package io.slipway.gateway.rest;

import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * What Tomcat refuses before any of our code sees it, such as a malformed request line, as a
 * problem instead of a page. Made by Tomcat, by its name.
 */
public final class ProblemReportValve extends ErrorReportValve {

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    String problem =
        """
        {"type":"about:blank","status":%d,"code":"HTTP_%d","detail":"The request is malformed."}"""
            .formatted(status, status);
    try {
      response.setContentType("application/problem+json");
      Writer out = response.getReporter();
      if (out != null) {
        out.write(problem);
        response.finishResponse();
      }
    } catch (IOException gone) {
      container.getLogger().debug("The client has gone before it was told of its error.", gone);
    }
  }
}
