package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Json;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.StreamDigest;
import mysqlagents.xbstream.XbstreamWriter;

/// A backup as mariadb-backup 10.11 would stream it, small and with known content.
final class TestBackup {
  static final String ID = "0b0f5a6e-6f64-4d64-9d3f-2f1f0e0d0c0b";
  static final String TOOL_VERSION = "10.11.19-MariaDB";

  private final Map<String, byte[]> members;

  private TestBackup(Map<String, byte[]> members) {
    this.members = members;
  }

  /// @param dataLength of the large member, in bytes
  static TestBackup of(int dataLength) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    byte[] data = new byte[dataLength];
    new Random(dataLength).nextBytes(data);
    members.put("ibdata1", data);
    members.put("mysql/db.opt", new byte[0]);
    members.put("mysql/user.frm", "a table".getBytes(UTF_8));
    members.put("xtrabackup_binlog_info", "mysql-bin.000002\t717959\t0-100-7\n".getBytes(UTF_8));
    members.put("ib_logfile0", "redo".repeat(20).getBytes(UTF_8));
    members.put("xtrabackup_checkpoints", "backup_type = full-backuped\n".getBytes(UTF_8));
    members.put("backup-my.cnf", "[mysqld]\n".getBytes(UTF_8));
    members.put("xtrabackup_info", "tool_name = mariadb-backup\n".getBytes(UTF_8));
    return new TestBackup(members);
  }

  /// How many files [#ofPlugin(int)] has.
  static final long FILES_OF_PLUGIN = 5;

  /// What the CLONE plugin of MySQL 8.0 makes, small and with known content.
  ///
  /// @param dataLength of the large member, in bytes
  static TestBackup ofPlugin(int dataLength) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    byte[] data = new byte[dataLength];
    new Random(dataLength).nextBytes(data);
    members.put("ibdata1", data);
    members.put("mysql.ibd", "the dictionary".getBytes(UTF_8));
    members.put("#clone/#status_fix", new byte[0]);
    members.put("#innodb_redo/#ib_redo0", "redo".repeat(20).getBytes(UTF_8));
    members.put("test/t.ibd", "a table".getBytes(UTF_8));
    return new TestBackup(members);
  }

  /// With what the tool adds where the server follows another, or did once.
  TestBackup ofReplica() {
    String statement = "CHANGE MASTER TO MASTER_LOG_FILE='mysql-bin.000001', MASTER_LOG_POS=4;\n";
    return with("xtrabackup_slave_info", statement.getBytes(UTF_8));
  }

  TestBackup without(String... names) {
    Map<String, byte[]> fewer = new LinkedHashMap<>(members);
    List.of(names).forEach(fewer::remove);
    return new TestBackup(fewer);
  }

  TestBackup with(String name, byte[] content) {
    Map<String, byte[]> more = new LinkedHashMap<>(members);
    more.put(name, content);
    return new TestBackup(more);
  }

  /// The members alone, the large one in several chunks.
  byte[] stream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    XbstreamWriter writer = new XbstreamWriter(out);
    try {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        byte[] content = member.getValue();
        int piece = Math.max(1, content.length / 3 + 1);
        for (int from = 0; from < content.length; from += piece) {
          writer.append(
              member.getKey(),
              ByteBuffer.wrap(content, from, Math.min(piece, content.length - from)));
        }
        writer.end(member.getKey());
      }
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  String digest() {
    StreamDigest digest = new StreamDigest();
    digest.update(ByteBuffer.wrap(stream()));
    return digest.value();
  }

  /// The stream with a receipt that is true.
  byte[] received(String donor) {
    return received(donor, UnaryOperator.identity());
  }

  /// As [#received(String)], as a donor with the CLONE plugin sends it.
  byte[] receivedOfPlugin(String donor) {
    return received(
        donor,
        truth ->
            new Receipt(
                truth.version(),
                truth.backupId(),
                truth.donor(),
                "clone-plugin",
                "8.0.33",
                "8.0.33",
                truth.exitStatus(),
                truth.bytes(),
                truth.digest()));
  }

  /// @param lie changes the receipt
  byte[] received(String donor, UnaryOperator<Receipt> lie) {
    Receipt truth =
        new Receipt(
            Receipt.LAYOUT,
            ID,
            donor,
            "mariadb-backup",
            TOOL_VERSION,
            "10.11.19-MariaDB-log",
            0,
            stream().length,
            digest());
    return withLast(Json.write(lie.apply(truth)));
  }

  byte[] withLast(String receipt) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(stream());
    try {
      new XbstreamWriter(out).member(BackupProtocol.RECEIPT_MEMBER, receipt.getBytes(UTF_8));
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  /// Where each chunk begins, and where the stream ends.
  static List<Integer> boundaries(byte[] stream) {
    List<Integer> boundaries = new ArrayList<>();
    byte[] magic = "XBSTCK01".getBytes(UTF_8);
    for (int at = 0; at <= stream.length - magic.length; at++) {
      if (java.util.Arrays.equals(stream, at, at + magic.length, magic, 0, magic.length)) {
        boundaries.add(at);
      }
    }
    boundaries.add(stream.length);
    return boundaries;
  }

  /// Law 1: what lies in `data` is this backup, all of it, prepared.
  void assertWholeIn(Path data) throws IOException {
    assertMembersIn(data);
    assertThat(data.resolve(FakeTool.MARK)).hasContent("prepared to the end");
  }

  /// As [#assertWholeIn(Path)], where there is nothing to prepare.
  void assertMembersIn(Path data) throws IOException {
    for (Map.Entry<String, byte[]> member : members.entrySet()) {
      assertThat(Files.readAllBytes(data.resolve(member.getKey())))
          .as(member.getKey())
          .isEqualTo(member.getValue());
    }
    assertThat(data.resolve(BackupProtocol.RECEIPT_MEMBER)).doesNotExist();
  }
}
