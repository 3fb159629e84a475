package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Donation;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import mysqlagents.xbstream.TreeStream;
import mysqlagents.xbstream.XbstreamWriter;
import org.jspecify.annotations.Nullable;

/// A backup by the CLONE plugin: mysqld copies, and the copy is streamed.
///
/// While mysqld copies there is nothing to send, and a recipient that hears nothing gives up. So
/// the stream begins with the member that describes the donation, and as long as the copy grows, a
/// space before its JSON is sent now and then. A mysqld that hangs is thereby found by the
/// recipient's own limit, like a backup tool that hangs.
final class DonationRun implements BackupRun {
  /// How often a growing copy is told of: more often than the shortest limit, which is a second.
  private static final Duration SIGN_OF_LIFE = Duration.ofMillis(400);

  private static final String MOUNT =
      "mount the volume's directory donation into mysqld's container too, at %s, writable for both";

  private static final int READERS = 2;

  /// For what is read ahead, in bytes.
  private static final int READ_AHEAD = 8 << 20;

  private final DonationChecks checks;
  private final LogIn logIn;
  private final DonationHome home;
  private final DonationSweep sweep;
  private final Path place;
  private volatile @Nullable DonationCopy copy;
  private volatile boolean killed;

  DonationRun(
      DonationChecks checks, LogIn logIn, DonationHome home, DonationSweep sweep, Path place) {
    this.checks = checks;
    this.logIn = logIn;
    this.home = home;
    this.sweep = sweep;
    this.place = place;
  }

  @Override
  public void writeTo(Sink sink) throws IOException, InterruptedException {
    SinkChannel out = new SinkChannel(sink, () -> killed);
    XbstreamWriter writer = new XbstreamWriter(out);
    try {
      checks.require();
      copy(writer, sink);
    } catch (SQLException failure) {
      throw new BackupFailedException(
          Ending.TOOL_FAILED,
          new Problem(
              "mysqld cannot make a copy of its data: " + failure.getMessage(), remedy(failure)),
          failure);
    }
    send(writer, out);
  }

  private String remedy(SQLException failure) {
    // Can't create database, by which it means the directory: no such mount, or no right to write.
    return failure.getErrorCode() == 1006
        ? MOUNT.formatted(home.directory())
        : "mend what mysqld complains of; a missing right has to be granted to BACKUP_USER, as"
            + " docs/accounts.md says";
  }

  private void copy(XbstreamWriter writer, Sink sink)
      throws SQLException, IOException, InterruptedException {
    Growth growth = new Growth(place);
    try (DonationCopy started = DonationCopy.start(logIn, place)) {
      copy = started;
      if (killed) {
        started.kill();
      }
      while (!started.await(SIGN_OF_LIFE)) {
        if (growth.isSeen()) {
          append(writer, " ");
          sink.flush();
        }
      }
    }
  }

  private void send(XbstreamWriter writer, SinkChannel out)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(place)) {
      throw new BackupFailedException(
          Ending.TOOL_FAILED,
          new Problem(
              "mysqld says that it has made its copy in %s, and there is nothing".formatted(place),
              MOUNT.formatted(home.directory())));
    }
    Donation donation;
    try (TreeStream files = new TreeStream(place, READERS, READ_AHEAD)) {
      files.writeTo(out);
      donation = new Donation(Donation.LAYOUT, files.files(), files.directories());
    }
    append(writer, Json.write(donation));
    writer.end(BackupProtocol.DONATION_MEMBER);
  }

  private static void append(XbstreamWriter writer, String text) throws IOException {
    writer.append(
        BackupProtocol.DONATION_MEMBER, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /// The server is not held up: what is read is a copy.
  @Override
  public boolean isLocked() {
    return false;
  }

  @Override
  public void kill() {
    killed = true;
    DonationCopy running = copy;
    if (running != null) {
      // mysqld is given seconds for it, which the caller may not have.
      Thread.ofPlatform().daemon().name("end of copy").start(running::kill);
    }
  }

  @Override
  public void close() {
    home.remove(place);
    DonationCopy last = copy;
    if (last != null && !last.isOver()) {
      sweep.begin();
    }
  }
}
