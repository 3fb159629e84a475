package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// What lies below a directory. All of it can be carried by a stream, but for the directories
/// themselves: whatever else was found is an exception.
///
/// @param files sorted by name
/// @param directories sorted, without the root
record TreeListing(List<Entry> files, List<String> directories) {
  /// A file.
  ///
  /// @param length in bytes, when it was found
  record Entry(MemberName name, long length) {}

  static TreeListing of(Path root) throws IOException {
    Visitor visitor = new Visitor(root);
    Files.walkFileTree(root, visitor);
    visitor.files.sort(Comparator.comparing(file -> file.name().text()));
    Collections.sort(visitor.directories);
    return new TreeListing(
        Collections.unmodifiableList(visitor.files),
        Collections.unmodifiableList(visitor.directories));
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<Entry> files = new ArrayList<>();
    private final List<String> directories = new ArrayList<>();

    Visitor(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (!directory.equals(root)) {
        directories.add(name(directory).text());
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (file.equals(root)) {
        throw new NotDirectoryException(root.toString());
      }
      MemberName name = name(file);
      if (attributes.isSymbolicLink()) {
        throw refusal(name, "is a symbolic link, which a stream cannot carry");
      }
      if (!attributes.isRegularFile()) {
        throw refusal(name, "is neither a file nor a directory; a stream cannot carry it");
      }
      files.add(new Entry(name, attributes.size()));
      return FileVisitResult.CONTINUE;
    }

    private MemberName name(Path path) throws IOException {
      MemberName name;
      try {
        name = new MemberName(root.relativize(path).toString());
      } catch (IllegalArgumentException refusal) {
        throw new FileSystemException(
            root.toString(), null, "holds what a stream cannot carry: " + refusal.getMessage());
      }
      if (!MemberName.path(root, name.text()).equals(path)) {
        throw refusal(name, "has a name that is not UTF-8; a stream cannot carry it");
      }
      return name;
    }

    /// Names only what [MemberName] has found fit to be printed.
    private FileSystemException refusal(MemberName name, String reason) {
      return new FileSystemException(root + "/" + name, null, reason);
    }
  }
}
