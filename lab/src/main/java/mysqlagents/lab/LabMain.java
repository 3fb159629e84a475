package mysqlagents.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import mysqlagents.files.Tree;

/// `make lab`: plays the story on real servers and then leaves the set up until Ctrl-C. What it can
/// be told is in [LabArguments].
final class LabMain {
  /// The host part of the read endpoint's address.
  private static final int READ_HOST = 2;

  private final LabArguments arguments;
  private final Path root;
  private final Narrator narrator = new Narrator(System.out);
  private volatile boolean told;

  private LabMain(LabArguments arguments, Path root) {
    this.arguments = arguments;
    this.root = root;
  }

  public static void main(String[] arguments) throws Exception {
    LabArguments understood;
    try {
      understood = LabArguments.parse(List.of(arguments));
    } catch (IllegalArgumentException misunderstood) {
      System.err.println("lab: " + misunderstood.getMessage());
      System.exit(64);
      return;
    }
    LabMain lab = new LabMain(understood, newDirectory());
    System.exit(OrderlyEnd.run(lab::run, () -> lab.told ? 0 : 130));
  }

  /// A path that is short to read and to type.
  private static Path newDirectory() throws IOException {
    while (true) {
      Path directory =
          Path.of("/tmp", "mysql-lab-%04x".formatted(ThreadLocalRandom.current().nextInt(1 << 16)));
      try {
        return Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException _) {
        // Another lab's; the next name is free.
      }
    }
  }

  private int run() throws IOException {
    Path logs = root.resolve("logs");
    Path files = root.resolve("set");
    boolean keepLogs = false;
    try {
      play(files, logs);
    } catch (IOException | SQLException failure) {
      if (!Thread.interrupted()) {
        keepLogs = true;
        System.out.flush();
        System.err.printf(
            "%nlab: FAILED: %s%n%nlab: all logs are kept in %s%n", failure.getMessage(), logs);
      }
    } finally {
      Tree.delete(keepLogs ? files : root);
    }
    return keepLogs ? 1 : 0;
  }

  private void play(Path files, Path logs) throws IOException, SQLException {
    MiniatureStatefulSet set = new MiniatureStatefulSet(arguments.flavour(), files, logs);
    try {
      InetSocketAddress reads = new InetSocketAddress(set.net().address(READ_HOST), Mysqld.PORT);
      try (ReadEndpoint _ = new ReadEndpoint(reads, set::readyServers)) {
        introduce(set, logs);
        new Story(set, narrator, reads.getHostString()).play();
        told = true;
        if (arguments.once()) {
          narrator.step("Done: everything is as it should be");
        } else {
          stayUp(set, reads);
        }
      }
    } finally {
      boolean interrupted = Thread.interrupted();
      narrator.say("stopping all pods …");
      set.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void introduce(MiniatureStatefulSet set, Path logs) {
    narrator.say(
        """
        A StatefulSet in miniature: real %s servers and the three agents, as processes on this
        machine. Pod N has the address %s; '$' lines are what you would type in a cluster.
        Each container's log: %s/<pod>/<container>.log\
        """
            .formatted(
                set.programs().title(), set.net().podTemplate().replace("{ordinal}", "N"), logs));
  }

  private void stayUp(MiniatureStatefulSet set, InetSocketAddress reads) throws IOException {
    Path client = set.accounts().clientFile();
    narrator.step("The set stays up; Ctrl-C stops it and removes everything");
    narrator.say(
        """
        write:  %1$s --defaults-file=%2$s -h %3$s
        read:   %1$s --defaults-file=%2$s -h %4$s\
        """
            .formatted(set.programs().client(), client, set.net().pod(0), reads.getHostString()));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      throw Waiting.interrupted("keeping the set up");
    }
  }
}
