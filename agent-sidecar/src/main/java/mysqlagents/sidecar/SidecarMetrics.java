package mysqlagents.sidecar;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import mysqlagents.sidecar.donor.DataSize;
import mysqlagents.sidecar.http.PortTls;
import mysqlagents.sidecar.replication.ReplicationState;

/// What is measured besides the donor's own counts. `docs/metrics.md` describes every metric.
final class SidecarMetrics {
  /// All that [ReplicationState#word()] may be.
  private static final List<String> STATES =
      List.of("none", "unknown", "unconfigured", "running", "connecting", "stopped", "broken");

  private SidecarMetrics() {}

  /// Where the figures come from.
  ///
  /// @param serverVersion empty while mysqld does not answer
  /// @param lag how old the data is; empty where that is not known
  /// @param restarts of replication
  /// @param tls empty if it is switched off
  record Source(
      Supplier<Optional<String>> serverVersion,
      Supplier<ReplicationState> replication,
      Supplier<Optional<Duration>> lag,
      LongSupplier restarts,
      DataSize dataSize,
      Optional<PortTls> tls) {}

  static PrometheusMeterRegistry register(Source source) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registerBuild(registry);
    registerReplication(registry, source);
    registerTls(registry, source.tls());
    Gauge.builder("mysql.agents.mysqld.up", () -> source.serverVersion().get().isPresent() ? 1 : 0)
        .description("Whether mysqld answers")
        .register(registry);
    Gauge.builder("mysql.agents.data", () -> bytes(source.dataSize()))
        .description("Size of what a backup copies from the data directory")
        .baseUnit("bytes")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    return registry;
  }

  private static void registerBuild(MeterRegistry registry) {
    Gauge.builder("mysql.agents.build.info", () -> 1)
        .description("Always 1; the versions are in its labels")
        .tag("version", version())
        .tag("java", Runtime.version().toString())
        .register(registry);
  }

  /// The jar's, from its manifest; there is none where classes are run from a directory.
  private static String version() {
    return Objects.requireNonNullElse(
        SidecarMetrics.class.getPackage().getImplementationVersion(), "unknown");
  }

  private static void registerReplication(MeterRegistry registry, Source source) {
    for (String word : STATES) {
      Gauge.builder(
              "mysql.agents.replication.state",
              () -> source.replication().get().word().equals(word) ? 1 : 0)
          .description("1 for the state that replication is in")
          .tag("state", word)
          .register(registry);
    }
    TimeGauge.builder(
            "mysql.agents.replication.lag",
            () -> source.lag().get().map(lag -> lag.toMillis() / 1000.0).orElse(Double.NaN),
            TimeUnit.SECONDS)
        .description("How old this replica's data is; NaN where that is not known")
        .register(registry);
    FunctionCounter.builder(
            "mysql.agents.replication.restarts",
            source.restarts(),
            restarts -> restarts.getAsLong())
        .description("How often replication was started again after it had stopped")
        .register(registry);
  }

  private static void registerTls(MeterRegistry registry, Optional<PortTls> tls) {
    Gauge.builder("mysql.agents.tls.enabled", () -> tls.isPresent() ? 1 : 0)
        .description("Whether backups are given over mutual TLS only")
        .register(registry);
    TimeGauge.builder(
            "mysql.agents.tls.certificate.expiry.timestamp",
            () ->
                tls.map(port -> (double) port.certificate().expiresAt().getEpochSecond())
                    .orElse(Double.NaN),
            TimeUnit.SECONDS)
        .description("When the certificate in force ends; NaN without TLS")
        .register(registry);
    FunctionCounter.builder(
            "mysql.agents.tls.handshake.failures",
            tls,
            port -> port.map(PortTls::refused).orElse(0L))
        .description("Connections to the backup port that did not get beyond the TLS handshake")
        .register(registry);
  }

  private static double bytes(DataSize size) {
    try {
      return size.recent();
    } catch (IOException unreadable) {
      return Double.NaN;
    }
  }
}
