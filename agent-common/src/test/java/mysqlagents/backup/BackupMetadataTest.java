package mysqlagents.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupMetadataTest {
  private static final Path SAMPLES = Path.of("src/test/resources/backup-metadata");
  private static final String ONE = "aaaaaaaa-bbbb-11ee-8888-0242ac110002";
  private static final String TWO = "cccccccc-bbbb-11ee-8888-0242ac110003";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    // Primaries: their own binary log.
    "mariadb-10.11/p_full,    mysql-bin.000001, 89089,    0-1-23",
    "mariadb-10.11/p_ddl,     mysql-bin.000002, 6515,     0-1-64",
    "mariadb-10.11/p_inter,   mysql-bin.000003, 1931,     0-1-78",
    "mariadb-10.11/p_seek,    mysql-bin.000002, 23230506, 0-1-68",
    "mariadb-11.8/p118,       mysql-bin.000001, 91089,    0-81-23",
    // A replica by position: its primary's binary log, and the set from its own.
    "mariadb-10.11/r1_si,     mysql-bin.000001, 89089,    0-1-23",
    // Replicas by GTID: their own binary log's position is of no use here.
    "mariadb-10.11/r2_si,     ,                 0,        0-1-23",
    "mariadb-11.8/r118_gtid,  ,                 0,        0-81-24",
  })
  void readsWhatTheToolsWrote(String sample, String file, long position, String set)
      throws IOException {
    assertThat(BackupMetadata.read(SAMPLES.resolve(sample)))
        .contains(
            new ReplicationCoordinates(
                file == null ? null : new BinlogPosition(file, position), set));
  }

  /// Its own binary log's place, although it follows others.
  @Test
  void aPrimaryMayHaveSources() throws IOException {
    assertThat(BackupMetadata.ofPrimary(SAMPLES.resolve("mariadb-10.11/r3_allgtid")))
        .contains(
            new ReplicationCoordinates(
                new BinlogPosition("r3-bin.000001", 458), "0-5-26,7-4-5,9-9-99"));
  }

  @Test
  void aServerThatFollowsNobodyIsNoReplica() throws IOException {
    assertThat(BackupMetadata.ofReplica(SAMPLES.resolve("mariadb-10.11/p_full"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"r3_pos", "r3_gtid", "r3_mixed", "r3_allgtid"})
  void refusesADonorWithSeveralSources(String sample) {
    assertThatThrownBy(() -> BackupMetadata.read(SAMPLES.resolve("mariadb-10.11/" + sample)))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("xtrabackup_slave_info: the donor replicates from several sources");
  }

  /// As xtrabackup writes them; names are not escaped.
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        CHANGE MASTER TO MASTER_LOG_FILE='b.000001', MASTER_LOG_POS=4 FOR CHANNEL 'a';
        CHANGE MASTER TO MASTER_LOG_FILE='b.000002', MASTER_LOG_POS=4 FOR CHANNEL 'c'2';
        """,
        """
        CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='b.000001', SOURCE_LOG_POS=4;
        CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='b.000002', SOURCE_LOG_POS=4 FOR CHANNEL 'c-2'x';
        """,
        """
        SET GLOBAL gtid_purged='aaaaaaaa-bbbb-11ee-8888-0242ac110002:1-57';
        CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION=1 FOR CHANNEL 'a';
        CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION=1 FOR CHANNEL 'b';
        """,
        """
        SET GLOBAL gtid_purged='aaaaaaaa-bbbb-11ee-8888-0242ac110002:1-57';
        CHANGE MASTER TO MASTER_AUTO_POSITION=1 FOR CHANNEL 'only';
        """
      })
  void refusesChannelsOfMySqlThatTheSetDoesNotHave(String content) throws IOException {
    write("xtrabackup_slave_info", content);
    assertThatThrownBy(() -> BackupMetadata.read(directory))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("from several sources or on a named channel");
  }

  @Test
  void everySampleIsCovered() throws IOException {
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      assertThat(files.filter(file -> file.toString().endsWith("_binlog_info"))).hasSize(11);
    }
  }

  @Test
  void readsTheSetOfXtrabackup24ThatGoesOverSeveralLines() throws IOException {
    write("xtrabackup_binlog_info", "mysql-bin.000002\t717959\t" + ONE + ":1-6,\n" + TWO + ":1\n");
    write("xtrabackup_slave_info", "");
    assertThat(BackupMetadata.read(directory))
        .contains(
            new ReplicationCoordinates(
                new BinlogPosition("mysql-bin.000002", 717959), ONE + ":1-6," + TWO + ":1"));
  }

  /// On one line, from xtrabackup 8.0 on; with tags, from MySQL 8.3 on; several domains of MariaDB.
  @ParameterizedTest
  @ValueSource(
      strings = {
        ONE + ":1-6," + TWO + ":1",
        ONE + ":1-6:8:blue:1-3," + TWO + ":1",
        "0-5-26,7-4-5,9-9-99"
      })
  void readsSetsOnOneLine(String set) throws IOException {
    write("xtrabackup_binlog_info", "binlog.000003\t458\t" + set + "\n");
    write("xtrabackup_slave_info", "");
    assertThat(BackupMetadata.read(directory))
        .contains(new ReplicationCoordinates(new BinlogPosition("binlog.000003", 458), set));
  }

  @Test
  void readsPositionsWithoutASet() throws IOException {
    write("xtrabackup_binlog_info", "mysql-bin.000002\t717959\n");
    assertThat(BackupMetadata.read(directory))
        .contains(new ReplicationCoordinates(new BinlogPosition("mysql-bin.000002", 717959), null));
    // MariaDB without any GTID yet
    write("xtrabackup_binlog_info", "mysql-bin.000001\t328\t\n");
    assertThat(BackupMetadata.read(directory))
        .contains(new ReplicationCoordinates(new BinlogPosition("mysql-bin.000001", 328), null));
  }

  @Test
  void readsASetWithoutABinaryLog() throws IOException {
    write("xtrabackup_binlog_info", "\t0\t" + ONE + ":1-57\n");
    assertThat(BackupMetadata.read(directory))
        .contains(new ReplicationCoordinates(null, ONE + ":1-57"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CHANGE MASTER TO MASTER_LOG_FILE='b.000009', MASTER_LOG_POS=4711;",
        "CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='b.000009', SOURCE_LOG_POS=4711;",
        "change  master to master_log_file = 'b.000009' ,master_log_pos = 4711",
        "CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='b.000009', SOURCE_LOG_POS=4711"
            + " FOR CHANNEL '';",
      })
  void readsPositionsOfReplicas(String statement) throws IOException {
    write("xtrabackup_slave_info", statement + "\n");
    assertThat(BackupMetadata.read(directory))
        .contains(new ReplicationCoordinates(new BinlogPosition("b.000009", 4711), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET GLOBAL gtid_purged='%s:1-57,%s:1-3';\nCHANGE MASTER TO MASTER_AUTO_POSITION=1;\n",
        "SET GLOBAL gtid_purged='%s:1-57, %s:1-3';\nCHANGE MASTER TO MASTER_AUTO_POSITION=1;\n",
        "SET GLOBAL gtid_purged='%s:1-57,\n%s:1-3';\nCHANGE MASTER TO MASTER_AUTO_POSITION=1;\n",
        """
        SET GLOBAL gtid_purged='%s:1-57,%s:1-3';
        CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION=1;
        """
      })
  void readsSetsOfReplicas(String form) throws IOException {
    write("xtrabackup_slave_info", form.formatted(ONE, TWO));
    write("xtrabackup_binlog_info", "own.000001\t4\t" + ONE + ":1-99\n");
    assertThat(BackupMetadata.read(directory))
        .contains(new ReplicationCoordinates(null, ONE + ":1-57," + TWO + ":1-3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CHANGE MASTER TO MASTER_LOG_FILE='b.000009', MASTER_LOG_POS=4711; DROP DATABASE mysql;",
        "CHANGE MASTER TO MASTER_LOG_FILE='b.000009', MASTER_LOG_POS=4711, MASTER_HOST='evil';",
        "CHANGE MASTER TO MASTER_LOG_FILE='../b', MASTER_LOG_POS=4711;",
        "CHANGE MASTER TO MASTER_LOG_FILE='', MASTER_LOG_POS=4711;",
        "CHANGE MASTER TO MASTER_LOG_FILE='b.000009', MASTER_LOG_POS=0-5-26;",
        "CHANGE MASTER TO MASTER_LOG_FILE='b.000009', MASTER_LOG_POS=99999999999999999999;",
        "CHANGE MASTER TO MASTER_AUTO_POSITION=1;",
        "SET GLOBAL gtid_slave_pos = '0-1-2'",
        "SET GLOBAL gtid_slave_pos = '0-1-2",
        "SET GLOBAL gtid_slave_pos = '0-1-2'; DROP DATABASE mysql;\n"
            + "CHANGE MASTER TO master_use_gtid = slave_pos;",
        "SET GLOBAL read_only = '0';\nCHANGE MASTER TO MASTER_AUTO_POSITION=1;",
        "hello"
      })
  void refusesStatementsThatNoToolWrites(String content) throws IOException {
    Files.writeString(directory.resolve("xtrabackup_slave_info"), content);
    assertThatThrownBy(() -> BackupMetadata.read(directory))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("xtrabackup_slave_info")
        .hasMessageContaining("it reads: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql-bin.000002",
        "mysql-bin.000002 717959",
        "\t717959",
        "mysql-bin.000002\t-1",
        "mysql-bin.000002\t12\tnonsense",
        "a/b\t4",
        "mysql bin\t4"
      })
  void refusesMalformedPositions(String content) throws IOException {
    Files.writeString(directory.resolve("xtrabackup_binlog_info"), content);
    assertThatThrownBy(() -> BackupMetadata.read(directory))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("xtrabackup_binlog_info");
  }

  @Test
  void findsNothingWhereTheDonorHasNoBinaryLog() throws IOException {
    assertThat(BackupMetadata.read(directory)).isEmpty();
    write("xtrabackup_slave_info", "\n");
    assertThat(BackupMetadata.read(directory)).isEmpty();
  }

  @Test
  void readsWhatTheBashExampleKeeps() throws IOException {
    // From a primary, as `echo` with a continued line writes it.
    write(
        "change_master_to.sql.in",
        "CHANGE MASTER TO MASTER_LOG_FILE='mysql-bin.000003',        MASTER_LOG_POS=154\n");
    assertThat(BackupMetadata.readLeftByExample(directory))
        .contains(new ReplicationCoordinates(new BinlogPosition("mysql-bin.000003", 154), null));
    // From a replica, its semicolons cut off.
    write(
        "change_master_to.sql.in",
        "SET GLOBAL gtid_purged='" + ONE + ":1-57'\nCHANGE MASTER TO MASTER_AUTO_POSITION=1\n");
    assertThat(BackupMetadata.readLeftByExample(directory))
        .contains(new ReplicationCoordinates(null, ONE + ":1-57"));
  }

  @Test
  void prefersTheToolsOwnFilesToTheBashExamples() throws IOException {
    write("change_master_to.sql.in", "CHANGE MASTER TO MASTER_LOG_FILE='old', MASTER_LOG_POS=1");
    write("xtrabackup_binlog_info", "new\t2\n");
    assertThat(BackupMetadata.readLeftByExample(directory))
        .contains(new ReplicationCoordinates(new BinlogPosition("new", 2), null));
  }

  @Test
  void takesWhatTheExampleHasUsedAlreadyForNothing() throws IOException {
    write("change_master_to.sql.orig", "CHANGE MASTER TO MASTER_LOG_FILE='b', MASTER_LOG_POS=1");
    assertThat(BackupMetadata.readLeftByExample(directory)).isEqualTo(Optional.empty());
  }

  @Test
  void refusesWhatTheExampleMakesOfMariaDbsThirdColumn() throws IOException {
    write(
        "change_master_to.sql.in",
        "CHANGE MASTER TO MASTER_LOG_FILE='r3-bin.000001\t458', MASTER_LOG_POS=0-5-26\n");
    assertThatThrownBy(() -> BackupMetadata.readLeftByExample(directory))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("change_master_to.sql.in");
  }

  @ParameterizedTest
  @CsvSource({
    "mariadb-10.11/r1_si, 65bff163-e644-11f1-abad-02fc00000001, mariadb-backup, 10.11.19-MariaDB,"
        + " 10.11.19-MariaDB-0+deb12u1-log",
    "mariadb-11.8/p118, dfed0c1d-e646-11f1-abde-02fc00000001, mariadb-backup, 11.8.6-MariaDB,"
        + " 11.8.6-MariaDB-0+deb13u1 from Debian-log",
  })
  void readsWhichToolMadeIt(
      String sample, String uuid, String tool, String toolVersion, String serverVersion)
      throws IOException {
    assertThat(BackupMetadata.info(SAMPLES.resolve(sample)))
        .isEqualTo(new BackupInfo(uuid, tool, toolVersion, serverVersion));
  }

  @Test
  void readsInfoWhosePositionGoesOverSeveralLines() throws IOException {
    write(
        "xtrabackup_info",
        """
        uuid = u
        name =
        tool_name = xtrabackup
        tool_version = 2.4.9
        binlog_pos = filename 'b.000001', position '4', GTID of the last change '%s:1-6,
        %s:1'
        server_version = 5.7.44-log
        """
            .formatted(ONE, TWO));
    assertThat(BackupMetadata.info(directory))
        .isEqualTo(new BackupInfo("u", "xtrabackup", "2.4.9", "5.7.44-log"));
  }

  /// Written by the grammar, not captured: xtrabackup cannot be run here.
  @ParameterizedTest
  @CsvSource({
    "2.4.29,    5.7.44-log, ''",
    "8.0.35-31, 8.0.36,     ''",
    "8.4.0-6,   8.4.9,      'server_flavor = MySQL\n'",
    "9.7.2-2,   9.7.2,      'server_flavor = Percona Server\n'",
  })
  void readsTheInfoOfEveryXtrabackup(String tool, String server, String flavor) throws IOException {
    write(
        "xtrabackup_info",
        """
        uuid = 65bff163-e644-11f1-abad-02fc00000001
        name =\s
        tool_name = xtrabackup
        tool_command = --defaults-file=/tmp/my.cnf --backup --stream=xbstream --slave-info
        tool_version = %1$s
        ibbackup_version = %1$s
        server_version = %2$s
        %3$sstart_time = 2026-11-22 07:13:38
        end_time = 2026-11-22 07:13:40
        lock_time = 1
        binlog_pos = filename 'binlog.000003', position '458', GTID of the last change '%4$s:1-6'
        innodb_from_lsn = 0
        innodb_to_lsn = 2062219
        partial = N
        incremental = N
        format = xbstream
        compressed = N
        encrypted = N
        """
            .formatted(tool, server, flavor.translateEscapes(), ONE));
    assertThat(BackupMetadata.info(directory))
        .isEqualTo(
            new BackupInfo("65bff163-e644-11f1-abad-02fc00000001", "xtrabackup", tool, server));
  }

  @Test
  void saysWhatInfoLacks() throws IOException {
    assertThatThrownBy(() -> BackupMetadata.info(directory))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("xtrabackup_info");
    write("xtrabackup_info", "uuid = u\ntool_name = xtrabackup\ntool_version = 2.4.9\n");
    assertThatThrownBy(() -> BackupMetadata.info(directory))
        .hasMessageContaining("xtrabackup_info: server_version is missing");
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }
}
