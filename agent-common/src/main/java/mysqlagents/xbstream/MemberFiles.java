package mysqlagents.xbstream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The files that a stream has made so far, in a directory that was empty before. Nothing else is
/// ever touched.
///
/// What a stream may not ask for is a [CorruptStreamException]; what the disk does not allow is a
/// [FileSystemException].
final class MemberFiles implements Closeable {
  /// What the process's umask leaves of it.
  private static final FileAttribute<?> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

  private final Path root;

  // All sorted, so that what lies in one directory, or begins alike, stands together.
  private final NavigableMap<String, OpenMember> open = new TreeMap<>();
  private final NavigableSet<String> complete = new TreeSet<>();
  private final NavigableSet<String> directories = new TreeSet<>();

  MemberFiles(Path root) {
    this.root = root;
  }

  /// The names of the members that have not ended.
  NavigableSet<String> open() {
    return Collections.unmodifiableNavigableSet(open.navigableKeySet());
  }

  /// The names of the members that have ended.
  Set<String> complete() {
    return Collections.unmodifiableSet(complete);
  }

  /// The member of that name, if it is open.
  @Nullable OpenMember find(MemberName name) {
    return open.get(name.text());
  }

  /// Begins a member.
  ///
  /// @param start where the chunk that asks for it begins in the stream
  OpenMember create(MemberName name, long start) throws IOException {
    if (open.containsKey(name.text()) || complete.contains(name.text())) {
      throw new CorruptStreamException(start, "'%s' begins a second time".formatted(name));
    }
    prepareDirectory(name, start);
    OpenMember member = OpenMember.create(name.resolveUnder(root));
    open.put(name.text(), member);
    return member;
  }

  /// Begins a member in place of the one that ended under that name, if there is one.
  OpenMember recreate(MemberName name, long start) throws IOException {
    delete(complete.contains(name.text()) ? List.of(name.text()) : List.of());
    return create(name, start);
  }

  /// Ends an open member. Closing its file is from now on the caller's.
  OpenMember end(MemberName name) {
    OpenMember member = open.remove(name.text());
    if (member == null) {
      throw new IllegalStateException(name + " is not open");
    }
    complete.add(name.text());
    return member;
  }

  /// Gives a member another name, in place of the member that now has it. A member that does not
  /// exist is passed over.
  void rename(MemberName from, MemberName to, long start) throws IOException {
    if (directories.contains(from.text())) {
      throw new CorruptStreamException(
          start, "a rename of '%s', which is a directory".formatted(from));
    }
    refuseOpen(open.containsKey(from.text()) ? from : to, "rename", start);
    if (!complete.contains(from.text()) || from.equals(to)) {
      return;
    }
    prepareDirectory(to, start);
    Files.move(
        from.resolveUnder(root),
        to.resolveUnder(root),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    complete.remove(from.text());
    complete.add(to.text());
  }

  /// Removes a member; or a directory with all that is in it; or, where the name ends in `*`, all
  /// members of its directory whose names begin so. What does not exist is passed over.
  void remove(MemberName name, long start) throws IOException {
    if (name.text().endsWith("*")) {
      removeByPrefix(name.text().substring(0, name.text().length() - 1), start);
    } else if (directories.contains(name.text())) {
      removeDirectory(name.text(), start);
    } else {
      refuseOpen(name, "remove", start);
      delete(complete.contains(name.text()) ? List.of(name.text()) : List.of());
    }
  }

  private void removeByPrefix(String prefix, long start) throws IOException {
    if (prefix.isEmpty() || prefix.endsWith("/")) {
      throw new CorruptStreamException(
          start, "a remove of everything in '%s'".formatted(prefix.isEmpty() ? "." : prefix));
    }
    for (String member : beginningWith(prefix, open.navigableKeySet())) {
      if (member.indexOf('/', prefix.length()) < 0) {
        refuseOpen(new MemberName(member), "remove", start);
      }
    }
    delete(
        beginningWith(prefix, complete).stream()
            .filter(member -> member.indexOf('/', prefix.length()) < 0)
            .toList());
  }

  private void removeDirectory(String directory, long start) throws IOException {
    String prefix = directory + "/";
    for (String member : beginningWith(prefix, open.navigableKeySet())) {
      refuseOpen(new MemberName(member), "remove", start);
    }
    delete(beginningWith(prefix, complete));
    for (String inner : beginningWith(prefix, directories).reversed()) {
      deleteDirectory(inner);
    }
    deleteDirectory(directory);
  }

  private void delete(List<String> members) throws IOException {
    for (String member : members) {
      Files.delete(new MemberName(member).resolveUnder(root));
      complete.remove(member);
    }
  }

  private void deleteDirectory(String directory) throws IOException {
    Files.delete(new MemberName(directory).resolveUnder(root));
    directories.remove(directory);
  }

  private void refuseOpen(MemberName name, String act, long start) throws CorruptStreamException {
    if (open.containsKey(name.text())) {
      throw new CorruptStreamException(
          start, "a %s of '%s', which has not ended yet".formatted(act, name));
    }
  }

  /// Makes the directories that `name` lies in, where they are missing.
  private void prepareDirectory(MemberName name, long start) throws IOException {
    if (directories.contains(name.text())) {
      throw new CorruptStreamException(
          start, "the file '%s' has the name of a directory".formatted(name));
    }
    for (String ancestor : name.ancestors()) {
      if (open.containsKey(ancestor) || complete.contains(ancestor)) {
        throw new CorruptStreamException(
            start, "'%s' would lie in '%s', which is a file".formatted(name, ancestor));
      }
      if (!directories.contains(ancestor)) {
        Files.createDirectory(new MemberName(ancestor).resolveUnder(root), MODE);
        directories.add(ancestor);
      }
    }
  }

  private static List<String> beginningWith(String prefix, NavigableSet<String> names) {
    return names.tailSet(prefix, true).stream().takeWhile(name -> name.startsWith(prefix)).toList();
  }

  /// Closes the files of the members that have not ended.
  @Override
  public void close() throws IOException {
    IOException first = null;
    for (OpenMember member : open.values()) {
      try {
        member.close();
      } catch (IOException failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    open.clear();
    if (first != null) {
      throw first;
    }
  }
}
