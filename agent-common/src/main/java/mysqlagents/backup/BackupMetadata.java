package mysqlagents.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.mysql.GtidSet;

/// Reads the metadata files that a backup tool leaves in a backup, under their old names
/// (`xtrabackup_…`) and their new ones (`mariadb_backup_…`, from MariaDB 11.1 on).
public final class BackupMetadata {
  private static final String[] PREFIXES = {"mariadb_backup_", "xtrabackup_"};

  /// Where the bash example keeps the position until it has given it to the server: the beginning
  /// of a CHANGE MASTER statement. Once used, it is renamed.
  private static final String BASH_STATEMENT = "change_master_to.sql.in";

  /// Metadata files have a few hundred bytes; a GTID set of very many gaps may have some more.
  private static final long MAX_BYTES = 16 << 20;

  private BackupMetadata() {}

  /// Where a server with this backup's data has to go on in the primary's history, when it is not
  /// known whether the donor was a replica: if its server said so, as [#ofReplica(Path)], else as
  /// [#ofPrimary(Path)].
  public static Optional<ReplicationCoordinates> read(Path backupDirectory) throws IOException {
    Optional<ReplicationCoordinates> ofReplica = ofReplica(backupDirectory);
    return ofReplica.isPresent() ? ofReplica : ofPrimary(backupDirectory);
  }

  /// Where the donor, which is the primary, stood in its own binary log. Its server may know of a
  /// source nevertheless: of the primary that it followed before it became one, or of one outside.
  ///
  /// @return empty where the donor writes no binary log
  /// @throws MetadataException if a file does not read as it must
  public static Optional<ReplicationCoordinates> ofPrimary(Path backupDirectory)
      throws IOException {
    return binlogInfo(backupDirectory).map(BinlogInfo::coordinates);
  }

  /// Where the donor, a replica, stood in its primary's binary log.
  ///
  /// @return empty where the donor's server was no replica
  /// @throws MetadataException if a file does not read as it must, or the donor has several sources
  public static Optional<ReplicationCoordinates> ofReplica(Path backupDirectory)
      throws IOException {
    // Donors that are no replicas have an empty file, or none.
    Optional<Path> slaveFile = find(backupDirectory, "slave_info");
    return slaveFile.isPresent()
        ? Optional.of(
            coordinates(slaveFile.get(), binlogInfo(backupDirectory).flatMap(BinlogInfo::gtidSet)))
        : Optional.empty();
  }

  private static Optional<BinlogInfo> binlogInfo(Path directory) throws IOException {
    Optional<Path> file = find(directory, "binlog_info");
    return file.isPresent()
        ? Optional.of(BinlogInfo.parse(text(file.get()), file.get().toString()))
        : Optional.empty();
  }

  /// As [#read(Path)], for a data directory that the bash example has made and whose server has not
  /// been told of the position yet.
  public static Optional<ReplicationCoordinates> readLeftByExample(Path dataDirectory)
      throws IOException {
    Optional<ReplicationCoordinates> fromTool = read(dataDirectory);
    Path statement = dataDirectory.resolve(BASH_STATEMENT);
    if (fromTool.isPresent() || isAbsentOrEmpty(statement)) {
      return fromTool;
    }
    return Optional.of(coordinates(statement, Optional.empty()));
  }

  /// Which tool made the backup.
  ///
  /// @throws java.nio.file.NoSuchFileException if there is no such file, as in a backup that was
  ///   not ended
  public static BackupInfo info(Path backupDirectory) throws IOException {
    Path file = find(backupDirectory, "info").orElse(backupDirectory.resolve(PREFIXES[1] + "info"));
    return BackupInfo.parse(text(file), file.toString());
  }

  private static ReplicationCoordinates coordinates(Path file, Optional<GtidSet> heldByBackup)
      throws IOException {
    String name = file.toString();
    return SlaveInfo.parse(text(file), name).coordinates(name, heldByBackup);
  }

  private static Optional<Path> find(Path directory, String suffix) throws IOException {
    for (String prefix : PREFIXES) {
      Path file = directory.resolve(prefix + suffix);
      if (!isAbsentOrEmpty(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static boolean isAbsentOrEmpty(Path file) throws IOException {
    return !Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) == 0
        || (Files.size(file) <= 16 && text(file).isBlank());
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new MetadataException(
          file.toString(), "it is larger than a backup tool would make it", "");
    }
    // Not decoded as UTF-8: a name in an odd encoding must fail in the parser, not here.
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
