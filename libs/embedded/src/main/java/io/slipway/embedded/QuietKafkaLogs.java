package io.slipway.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Keeps the broker's loggers at WARN where Logback is the backend, unless the configuration sets
 * their level. A framework that configures Logback anew resets it first; this survives that.
 */
final class QuietKafkaLogs implements LoggerContextListener {
  /** The controller calls every start a warning. */
  private static final Map<String, Level> LEVELS =
      Map.of(
          "kafka", Level.WARN,
          "org.apache.kafka", Level.WARN,
          "state.change.logger", Level.WARN,
          "org.apache.kafka.controller.QuorumController", Level.ERROR);

  private QuietKafkaLogs() {}

  static void install() {
    if (isLogbackPresent() && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      var quiet = new QuietKafkaLogs();
      if (context.getCopyOfListenerList().stream().noneMatch(QuietKafkaLogs.class::isInstance)) {
        context.addListener(quiet);
      }
      quiet.apply(context);
    }
  }

  private static boolean isLogbackPresent() {
    try {
      Class.forName("ch.qos.logback.classic.LoggerContext");
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  private void apply(LoggerContext context) {
    LEVELS.forEach(
        (name, level) -> {
          Logger logger = context.getLogger(name);
          if (logger.getLevel() == null) {
            logger.setLevel(level);
          }
        });
  }

  @Override
  public boolean isResetResistant() {
    return true;
  }

  @Override
  public void onReset(LoggerContext context) {
    apply(context);
  }

  @Override
  public void onStart(LoggerContext context) {
    apply(context);
  }

  @Override
  public void onStop(LoggerContext context) {}

  @Override
  public void onLevelChange(Logger logger, Level level) {}
}
