package mysqlagents.mysql;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// MariaDB 10.11 and 11: the old words, named connections in place of channels, and a GTID position
/// that is a variable.
final class MariaDbDialect implements Dialect {
  @Override
  public List<Sql> stopAndReset(List<String> channels) {
    List<Sql> statements = new ArrayList<>();
    statements.add(Sql.of("STOP ALL SLAVES"));
    for (String channel : channels) {
      if (!channel.isEmpty()) {
        statements.add(Sql.of("RESET SLAVE ? ALL", channel));
      }
    }
    statements.add(Sql.of("RESET SLAVE ALL"));
    return statements;
  }

  @Override
  public List<Sql> declareHeld(GtidSet set) {
    return List.of(Sql.of("SET GLOBAL gtid_slave_pos = ?", set.text()));
  }

  @Override
  public Sql followByGtid(ReplicationSource source) {
    return follow(source, "MASTER_USE_GTID = slave_pos", List.of());
  }

  @Override
  public Sql followFrom(ReplicationSource source, String file, long position) {
    // From 10.10 on, following by GTID is what happens unless it is switched off.
    return follow(
        source,
        "MASTER_LOG_FILE = ?, MASTER_LOG_POS = ?, MASTER_USE_GTID = no",
        List.of(file, position));
  }

  private static Sql follow(ReplicationSource source, String place, List<Object> placeValues) {
    LoginOptions login = LoginOptions.of(source);
    List<Object> values = new ArrayList<>(List.of(source.host(), source.port()));
    values.addAll(login.values());
    values.addAll(placeValues);
    return change(
        "",
        "{SOURCE}_HOST = ?, {SOURCE}_PORT = ?, %s, {SOURCE}_CONNECT_RETRY = %d, %s"
            .formatted(login.text(), CONNECT_RETRY_SECONDS, place),
        values);
  }

  @Override
  public Sql reconnectAs(String channel, ReplicationSource source) {
    LoginOptions login = LoginOptions.of(source);
    return change(channel, login.text(), login.values());
  }

  private static Sql change(String channel, String options, List<Object> optionValues) {
    List<Object> values = new ArrayList<>();
    if (!channel.isEmpty()) {
      values.add(channel);
    }
    values.addAll(optionValues);
    return new Sql(
        "CHANGE MASTER %sTO %s%s"
            .formatted(channel.isEmpty() ? "" : "? ", HEARTBEAT, options)
            .replace("{SOURCE}", "MASTER"),
        values);
  }

  /// It takes no change while either thread runs.
  @Override
  public Sql stopToReconnect(String channel) {
    return stop(channel);
  }

  @Override
  public Sql start(String channel) {
    return channel.isEmpty() ? Sql.of("START SLAVE") : Sql.of("START SLAVE ?", channel);
  }

  @Override
  public Sql stop(String channel) {
    return channel.isEmpty() ? Sql.of("STOP SLAVE") : Sql.of("STOP SLAVE ?", channel);
  }

  @Override
  public Sql showReplicaStatus() {
    return Sql.of("SHOW ALL SLAVES STATUS");
  }

  @Override
  public ReplicaStatus replicaStatus(Map<String, @Nullable String> columns) {
    StatusRow row = new StatusRow(columns);
    return new ReplicaStatus(
        row.text("Connection_name"),
        row.text("Master_Host"),
        (int) row.number("Master_Port"),
        row.text("Master_User"),
        row.tls("Master"),
        !row.text("Using_Gtid").equals("No"),
        row.ioThread("Slave_IO_Running"),
        row.text("Slave_SQL_Running").equals("Yes"),
        row.seconds("Seconds_Behind_Master"),
        row.error("Last_IO"),
        row.error("Last_SQL"),
        row.position("Master_Log_File", "Read_Master_Log_Pos"),
        row.position("Relay_Master_Log_File", "Exec_Master_Log_Pos"),
        row.text("Gtid_IO_Pos"),
        row.number("Slave_received_heartbeats"),
        // Printed with three decimals.
        Duration.ofMillis(
            new BigDecimal(row.text("Slave_heartbeat_period")).movePointRight(3).longValue()));
  }

  @Override
  public Optional<Sql> heartbeats(String channel) {
    return Optional.empty();
  }

  @Override
  public Sql showBinaryLogStatus() {
    return Sql.of("SHOW MASTER STATUS");
  }

  @Override
  public Sql gtidUsable() {
    return Sql.of("SELECT 1");
  }

  @Override
  public Sql appliedGtidSet() {
    return Sql.of("SELECT @@GLOBAL.gtid_slave_pos");
  }

  /// With innodb_flush_log_at_trx_commit other than 1, FLUSH ENGINE LOGS does not wait for the
  /// disk; the server gets there by itself within a second.
  @Override
  public Optional<Sql> redoProgress() {
    return Optional.of(
        Sql.of(
            "SHOW GLOBAL STATUS WHERE Variable_name IN"
                + " ('Innodb_lsn_current', 'Innodb_lsn_flushed')"));
  }

  @Override
  public Optional<String> settingsFile() {
    return Optional.of("master.info");
  }

  @Override
  public Optional<Sql> reloadCertificates() {
    return Optional.of(Sql.of("FLUSH LOCAL SSL"));
  }
}
