package mysqlagents.clone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mysqlagents.backup.BackupEngine;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Json;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.ReceivedStream;

/// Law 2: a stream whose structure is whole counts only if the donor vouches for it, and if it has
/// what every backup has.
final class Completeness {
  /// What a tool's compression and encryption append to the names of most members. Those that
  /// cannot be undone are refused later, with a better message than that a member is missing.
  private static final List<String> SUFFIXES =
      List.of("", ".zst", ".lz4", ".qp", ".xbcrypt", ".zst.xbcrypt", ".lz4.xbcrypt", ".qp.xbcrypt");

  private static final String REMEDY =
      "if it happens again, something between the two pods changes what is sent: compare their versions and look at the network";

  private Completeness() {}

  /// @return the donor's word, which has been found true
  /// @throws DonorException if anything is missing or does not agree
  static Receipt verify(ReceivedStream received, Backup backup) throws DonorException {
    String donor = backup.donor();
    Receipt receipt = receipt(received, donor);
    require(receipt.backupId().equals(backup.id()), donor, "id", receipt.backupId(), backup.id());
    require(receipt.donor().equals(donor), donor, "donor", receipt.donor(), donor);
    String tool = backup.engine().word();
    require(receipt.tool().equals(tool), donor, "tool", receipt.tool(), tool);
    verify(received, receipt, donor);
    return receipt;
  }

  /// As [#verify(ReceivedStream, Backup)], for a stream of which nothing else is known than that it
  /// is from `source`.
  static Receipt verify(ReceivedStream received, String source) throws DonorException {
    Receipt receipt = receipt(received, source);
    verify(received, receipt, source);
    return receipt;
  }

  private static void verify(ReceivedStream received, Receipt receipt, String source)
      throws DonorException {
    require(
        receipt.version() == Receipt.LAYOUT, source, "layout", receipt.version(), Receipt.LAYOUT);
    require(receipt.exitStatus() == 0, source, "exit status", receipt.exitStatus(), 0);
    require(
        receipt.bytes() == received.bytes(), source, "length", receipt.bytes(), received.bytes());
    require(
        receipt.digest().equals(received.digest()),
        source,
        "digest",
        receipt.digest(),
        received.digest());
    requireMembers(received.members(), source, engine(receipt, source), receipt.toolVersion());
  }

  private static BackupEngine engine(Receipt receipt, String source) throws DonorException {
    try {
      return BackupEngine.named(receipt.tool());
    } catch (IllegalArgumentException known) {
      throw new DonorException(
          "the receipt of %s names the tool '%s'; expected %s"
              .formatted(source, receipt.tool(), known.getMessage()),
          REMEDY,
          known);
    }
  }

  private static Receipt receipt(ReceivedStream received, String source) throws DonorException {
    String text = new String(received.trailer(), StandardCharsets.UTF_8);
    try {
      return Json.read(text, Receipt.class, "the receipt of " + source);
    } catch (IOException malformed) {
      throw new DonorException(String.valueOf(malformed.getMessage()), REMEDY, malformed);
    }
  }

  private static void require(
      boolean holds, String source, String what, Object claimed, Object expected)
      throws DonorException {
    if (!holds) {
      throw new DonorException(
          "the receipt of %s does not fit what was received: its %s is %s, and it should be %s"
              .formatted(source, what, claimed, expected),
          REMEDY);
    }
  }

  private static void requireMembers(
      Set<String> members, String source, BackupEngine engine, String toolVersion)
      throws DonorException {
    List<String> missing = new ArrayList<>();
    for (List<String> names : required(engine, toolVersion)) {
      if (names.stream().noneMatch(name -> isIn(members, name))) {
        missing.add(String.join(" or ", names));
      }
    }
    if (!missing.isEmpty()) {
      throw new DonorException(
          "the backup of %s lacks %s".formatted(source, String.join(", ", missing)), REMEDY);
    }
  }

  /// Each entry is one member under the names that it can have. The tools write these only after
  /// all data has been copied.
  private static List<List<String>> required(BackupEngine engine, String toolVersion) {
    return switch (engine) {
      case MARIADB_BACKUP ->
          List.of(
              List.of("backup-my.cnf"),
              List.of("ib_logfile0"),
              List.of("xtrabackup_checkpoints", "mariadb_backup_checkpoints"),
              List.of("xtrabackup_info", "mariadb_backup_info"));
      case XTRABACKUP -> {
        List<List<String>> names =
            new ArrayList<>(
                List.of(
                    List.of("backup-my.cnf"),
                    List.of("xtrabackup_logfile"),
                    List.of("xtrabackup_checkpoints"),
                    List.of("xtrabackup_info")));
        if (!toolVersion.startsWith("2.")) {
          names.add(List.of("xtrabackup_tablespaces"));
        }
        yield names;
      }
      case CLONE_PLUGIN ->
          List.of(
              List.of(BackupProtocol.DONATION_MEMBER), List.of("ibdata1"), List.of("mysql.ibd"));
    };
  }

  private static boolean isIn(Set<String> members, String name) {
    return SUFFIXES.stream().anyMatch(suffix -> members.contains(name + suffix));
  }
}
