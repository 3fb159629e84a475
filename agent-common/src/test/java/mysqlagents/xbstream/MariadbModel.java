package mysqlagents.xbstream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// Does to a map of names and contents what it writes into a stream: random members, seeks,
/// rewrites, renames and removes.
final class MariadbModel {
  private final Random random;
  private final StreamBuilder stream = new StreamBuilder();
  private final SortedMap<String, byte[]> complete = new TreeMap<>();
  private final SortedMap<String, Open> open = new TreeMap<>();
  private int names;

  /// A member that has not ended.
  private static final class Open {
    final int flags;
    byte[] content = new byte[0];
    int next;

    Open(int flags) {
      this.flags = flags;
    }
  }

  MariadbModel(Random random) {
    this.random = random;
  }

  SortedMap<String, byte[]> files() {
    return complete;
  }

  /// Takes so many random steps, and then ends what is open.
  StreamBuilder write(int steps) {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> begin();
        case 3, 4, 5 -> append();
        case 6 -> seek();
        case 7, 8 -> end();
        case 9 -> rewrite();
        case 10 -> rename();
        default -> remove();
      }
    }
    while (!open.isEmpty()) {
      end();
    }
    return stream;
  }

  private void begin() {
    String name = newName();
    Open member = new Open(0);
    if (random.nextInt(8) > 0) {
      open.put(name, member);
      append(name, member);
    } else {
      stream.end(name);
      complete.put(name, member.content);
    }
  }

  private void append() {
    if (!open.isEmpty()) {
      String name = pick(open);
      append(name, at(open, name));
    }
  }

  private void append(String name, Open member) {
    byte[] payload = RoundTripTest.bytes(random, random.nextInt(2) * random.nextInt(9_000));
    stream.data(name, member.flags, member.next, payload);
    int end = member.next + payload.length;
    if (payload.length > 0 && end > member.content.length) {
      member.content = Arrays.copyOf(member.content, end);
    }
    System.arraycopy(
        payload, 0, member.content, payload.length > 0 ? member.next : 0, payload.length);
    member.next = end;
  }

  private void seek() {
    if (!open.isEmpty()) {
      String name = pick(open);
      Open member = at(open, name);
      member.next = random.nextInt(member.content.length + 100);
      stream.seek(name, member.next);
    }
  }

  private void end() {
    if (!open.isEmpty()) {
      String name = pick(open);
      stream.end(name);
      complete.put(name, at(open, name).content);
      open.remove(name);
    }
  }

  private void rewrite() {
    if (!complete.isEmpty()) {
      String name = pick(complete);
      complete.remove(name);
      Open member = new Open(2);
      open.put(name, member);
      append(name, member);
    }
  }

  private void rename() {
    if (!complete.isEmpty()) {
      String source = pick(complete);
      String target = random.nextBoolean() ? newName() : pick(complete);
      stream.rename(source, target);
      byte[] content = at(complete, source);
      complete.remove(source);
      complete.put(target, content);
    }
  }

  private void remove() {
    if (complete.isEmpty()) {
      return;
    }
    String name = pick(complete);
    String directory = name.substring(0, name.lastIndexOf('/') + 1);
    switch (random.nextInt(3)) {
      case 0 -> {
        stream.remove(name);
        complete.remove(name);
      }
      case 1 -> {
        String prefix = directory + "f" + random.nextInt(10);
        if (open.keySet().stream().noneMatch(other -> other.startsWith(prefix))) {
          stream.remove(prefix + "*");
          complete.keySet().removeIf(other -> other.startsWith(prefix));
        }
      }
      default -> {
        if (!directory.isEmpty()
            && open.keySet().stream().noneMatch(other -> other.startsWith(directory))) {
          stream.remove(directory.substring(0, directory.length() - 1));
          complete.keySet().removeIf(other -> other.startsWith(directory));
        }
      }
    }
  }

  /// Files are `f…` in one of four directories, so that a name is never both file and directory,
  /// and prefixes meet several.
  private String newName() {
    return List.of("", "a/", "b/", "b/c/").get(random.nextInt(4)) + "f" + names++;
  }

  private String pick(SortedMap<String, ?> from) {
    return RoundTripTest.pick(random, new ArrayList<>(from.keySet()));
  }

  private static <T> T at(SortedMap<String, T> from, String name) {
    T value = from.get(name);
    if (value == null) {
      throw new IllegalStateException(name);
    }
    return value;
  }
}
