package mysqlagents.wire;

/// The names that donor and recipient share. `docs/clone-protocol.md` is the contract in prose.
public final class BackupProtocol {
  /// Raised when an old recipient could misread a new donor. Sent by both sides in
  /// [#VERSION_HEADER].
  public static final int VERSION = 1;

  public static final int DEFAULT_PORT = 3307;

  /// `GET`: streams a backup.
  public static final String BACKUP_PATH = "/backup";

  /// `GET`: who this pod is, as [DonorStatus].
  public static final String STATUS_PATH = "/status";

  /// `GET` with a backup's id appended: how that backup ended, as [BackupOutcome]. A recipient
  /// whose stream was cut asks here for the donor's own error text.
  public static final String OUTCOME_PATH = "/backups/";

  public static final String VERSION_HEADER = "Backup-Protocol";

  /// Chosen by the donor for each backup; a UUID.
  public static final String ID_HEADER = "Backup-Id";

  /// What takes the backup: `mariadb-backup`, `xtrabackup` or `clone-plugin`. It decides the
  /// stream's dialect.
  public static final String TOOL_HEADER = "Backup-Tool";

  /// The program's version as it prints it, or the server's where it is `clone-plugin`.
  public static final String TOOL_VERSION_HEADER = "Backup-Tool-Version";

  /// The size of the donor's data directory in bytes, found just before the backup; an estimate of
  /// what will be sent.
  public static final String SIZE_HEADER = "Backup-Size";

  /// The recipient's pod name, for the donor's log.
  public static final String RECIPIENT_HEADER = "Backup-Recipient";

  public static final String STREAM_CONTENT_TYPE = "application/x-xbstream";

  /// The last member of a complete stream: a [Receipt] as JSON. It never becomes a file of the data
  /// directory.
  public static final String RECEIPT_MEMBER = "mysql-agents-receipt.json";

  /// What mysqld's CLONE plugin has made, as [Donation]; a member of the streams of `clone-plugin`.
  /// It begins the stream, with white space for as long as mysqld copies, and it ends after all
  /// files.
  public static final String DONATION_MEMBER = "mysql-agents-donation.json";

  private BackupProtocol() {}
}
