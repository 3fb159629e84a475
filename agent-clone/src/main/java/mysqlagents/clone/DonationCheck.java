package mysqlagents.clone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Donation;
import mysqlagents.wire.Json;
import mysqlagents.xbstream.MemberName;

/// Law 2 for what a CLONE plugin has made: it has no metadata files of its own that would be
/// missed.
final class DonationCheck {
  private static final String REMEDY =
      "see that both pods run the same version of mysql-agents, and report it if they do";

  /// As mysqld makes them.
  private static final FileAttribute<?> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

  private DonationCheck() {}

  /// Finds that all files of the donation are there, makes the directories that had none to bring
  /// them along, and takes the description away: it is no part of a data directory.
  ///
  /// @param members the names of what was received
  static void requireWhole(Path staging, Set<String> members, String donor) throws IOException {
    Path file = staging.resolve(BackupProtocol.DONATION_MEMBER);
    Donation donation = read(file, donor);
    if (donation.version() != Donation.LAYOUT) {
      throw new DonorException(
          "%s describes its donation in layout %d, and this pod reads %d"
              .formatted(donor, donation.version(), Donation.LAYOUT),
          REMEDY);
    }
    // One of the members is the description.
    long received = members.size() - 1L;
    if (donation.files() != received) {
      throw new DonorException(
          "mysqld of %s made a copy of %d files, and %d were received"
              .formatted(donor, donation.files(), received),
          REMEDY);
    }
    for (String directory : donation.directories()) {
      makeDirectory(staging, directory, donor);
    }
    Files.delete(file);
  }

  private static void makeDirectory(Path staging, String name, String donor) throws IOException {
    MemberName directory;
    try {
      directory = new MemberName(name);
    } catch (IllegalArgumentException hostile) {
      throw new DonorException(
          "%s names a directory that cannot be made: %s".formatted(donor, hostile.getMessage()),
          REMEDY,
          hostile);
    }
    Path path = directory.resolveUnder(staging);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(path, MODE);
    }
  }

  private static Donation read(Path file, String donor) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    try {
      return Json.read(text, Donation.class, "what %s says of its donation".formatted(donor));
    } catch (IOException malformed) {
      throw new DonorException(String.valueOf(malformed.getMessage()), REMEDY, malformed);
    }
  }
}
