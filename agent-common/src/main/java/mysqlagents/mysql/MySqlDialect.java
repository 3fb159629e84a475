package mysqlagents.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// MySQL 5.6 to 9. The words changed in steps: `REPLICA` came with 8.0.22, `CHANGE REPLICATION
/// SOURCE` with 8.0.23, `BINARY LOG STATUS` with 8.2; 8.4 no longer has the old ones.
final class MySqlDialect implements Dialect {
  /// Until now the default channel needs no name, and 5.6 knows no channels at all.
  private static final String DEFAULT_CHANNEL = "";

  private final ServerVersion version;
  private final boolean newWords;

  MySqlDialect(ServerVersion version) {
    this.version = version;
    this.newWords = version.isAtLeast(8, 0, 23);
  }

  @Override
  public List<Sql> stopAndReset(List<String> channels) {
    // Without a channel's name both speak of all channels.
    return List.of(
        Sql.of(newWords ? "STOP REPLICA" : "STOP SLAVE"),
        Sql.of(newWords ? "RESET REPLICA ALL" : "RESET SLAVE ALL"));
  }

  /// A clone's gtid_executed came along with its tables and gtid_purged can only be set where that
  /// is empty, so the server's own (new and useless) binary log is emptied first.
  @Override
  public List<Sql> declareHeld(GtidSet set) {
    return List.of(
        Sql.of(version.isAtLeast(8, 2, 0) ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER"),
        Sql.of("SET GLOBAL gtid_purged = ?", set.text()));
  }

  @Override
  public Sql followByGtid(ReplicationSource source) {
    return follow(source, "{SOURCE}_AUTO_POSITION = 1", List.of());
  }

  @Override
  public Sql followFrom(ReplicationSource source, String file, long position) {
    return follow(
        source,
        "{SOURCE}_AUTO_POSITION = 0, {SOURCE}_LOG_FILE = ?, {SOURCE}_LOG_POS = ?",
        List.of(file, position));
  }

  private Sql follow(ReplicationSource source, String place, List<Object> placeValues) {
    LoginOptions login = LoginOptions.of(source);
    List<Object> values = new ArrayList<>(List.of(source.host(), source.port()));
    values.addAll(login.values());
    values.addAll(placeValues);
    return change(
        "{SOURCE}_HOST = ?, {SOURCE}_PORT = ?, %s, {SOURCE}_CONNECT_RETRY = %d, %s"
            .formatted(login.text(), CONNECT_RETRY_SECONDS, place),
        values,
        DEFAULT_CHANNEL);
  }

  @Override
  public Sql reconnectAs(String channel, ReplicationSource source) {
    LoginOptions login = LoginOptions.of(source);
    return change(login.text(), login.values(), channel);
  }

  private Sql change(String options, List<Object> optionValues, String channel) {
    // caching_sha2_password without TLS asks the primary for its public key; 5.7 has neither.
    String publicKey = version.isAtLeast(8, 0, 4) ? ", GET_{SOURCE}_PUBLIC_KEY = 1" : "";
    List<Object> values = new ArrayList<>(optionValues);
    String suffix = "";
    if (!channel.equals(DEFAULT_CHANNEL)) {
      suffix = " FOR CHANNEL ?";
      values.add(channel);
    }
    String template =
        "CHANGE %s TO ".formatted(newWords ? "REPLICATION SOURCE" : "MASTER")
            + HEARTBEAT
            + options
            + publicKey
            + suffix;
    return new Sql(template.replace("{SOURCE}", newWords ? "SOURCE" : "MASTER"), values);
  }

  /// From 5.7.4 on the applier may run on; the relay logs are kept then, too.
  @Override
  public Sql stopToReconnect(String channel) {
    if (!version.isAtLeast(5, 7, 4)) {
      return stop(channel);
    }
    return onChannel(newWords ? "STOP REPLICA IO_THREAD" : "STOP SLAVE IO_THREAD", channel);
  }

  @Override
  public Sql start(String channel) {
    return onChannel(newWords ? "START REPLICA" : "START SLAVE", channel);
  }

  @Override
  public Sql stop(String channel) {
    return onChannel(newWords ? "STOP REPLICA" : "STOP SLAVE", channel);
  }

  private static Sql onChannel(String statement, String channel) {
    return channel.equals(DEFAULT_CHANNEL)
        ? Sql.of(statement)
        : Sql.of(statement + " FOR CHANNEL ?", channel);
  }

  @Override
  public Sql showReplicaStatus() {
    return Sql.of(newWords ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS");
  }

  @Override
  public ReplicaStatus replicaStatus(Map<String, @Nullable String> columns) {
    StatusRow row = new StatusRow(columns);
    String replica = newWords ? "Replica" : "Slave";
    String source = newWords ? "Source" : "Master";
    return new ReplicaStatus(
        columns.containsKey("Channel_Name") ? row.text("Channel_Name") : DEFAULT_CHANNEL,
        row.text(source + "_Host"),
        (int) row.number(source + "_Port"),
        row.text(source + "_User"),
        row.tls(source),
        row.text("Auto_Position").equals("1"),
        row.ioThread(replica + "_IO_Running"),
        row.text(replica + "_SQL_Running").equals("Yes"),
        row.seconds("Seconds_Behind_" + source),
        row.error("Last_IO"),
        row.error("Last_SQL"),
        row.position(source + "_Log_File", "Read_%s_Log_Pos".formatted(source)),
        row.position("Relay_%s_Log_File".formatted(source), "Exec_%s_Log_Pos".formatted(source)),
        row.text("Retrieved_Gtid_Set").replaceAll("\\s", ""),
        null,
        null);
  }

  @Override
  public Optional<Sql> heartbeats(String channel) {
    if (!version.isAtLeast(5, 7, 0)) {
      return Optional.empty();
    }
    return Optional.of(
        Sql.of(
            "SELECT s.count_received_heartbeats AS heartbeats, c.heartbeat_interval AS period"
                + " FROM performance_schema.replication_connection_status s"
                + " JOIN performance_schema.replication_connection_configuration c"
                + " USING (channel_name) WHERE channel_name = ?",
            channel));
  }

  @Override
  public Sql showBinaryLogStatus() {
    return Sql.of(version.isAtLeast(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS");
  }

  @Override
  public Sql gtidUsable() {
    return Sql.of("SELECT @@GLOBAL.gtid_mode = 'ON'");
  }

  @Override
  public Sql appliedGtidSet() {
    // What this server has written itself, such as an init-file's statements at the first start
    // on a clone, is no part of the primary's history. A clone has a UUID of its own by then.
    return Sql.of(
        "SELECT GTID_SUBTRACT(@@GLOBAL.gtid_executed,"
            + " CONCAT(@@GLOBAL.server_uuid, ':1-9223372036854775806'))");
  }

  @Override
  public Optional<Sql> redoProgress() {
    return Optional.empty();
  }

  /// A setting until 5.7, and tables from 8.0 on.
  @Override
  public Optional<String> settingsFile() {
    return Optional.empty();
  }

  /// Not written to the binary log: TLS is each server's own affair.
  @Override
  public Optional<Sql> reloadCertificates() {
    return version.isAtLeast(8, 0, 16)
        ? Optional.of(Sql.of("ALTER INSTANCE RELOAD TLS"))
        : Optional.empty();
  }
}
