package mysqlagents.lab;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;

/// Lets a program that cleans up after itself do so on Ctrl-C and SIGTERM, too.
public final class OrderlyEnd {
  private final Thread worker;
  private final IntSupplier statusIfTold;
  private final CountDownLatch ended = new CountDownLatch(1);

  private OrderlyEnd(Thread worker, IntSupplier statusIfTold) {
    this.worker = worker;
    this.statusIfTold = statusIfTold;
  }

  /// Runs `work` on this thread. When the process is told to end, this thread is interrupted, and
  /// the process ends once `work` has.
  ///
  /// @param statusIfTold the exit status in that case; asked for after `work` has ended
  /// @return the exit status in the other case
  public static int run(Callable<Integer> work, IntSupplier statusIfTold) throws Exception {
    OrderlyEnd end = new OrderlyEnd(Thread.currentThread(), statusIfTold);
    Runtime.getRuntime().addShutdownHook(new Thread(end::hook));
    try {
      return work.call();
    } finally {
      end.ended.countDown();
    }
  }

  /// The working thread cleans up, for it knows what there is; the end of the JVM waits.
  @SuppressWarnings(
      "SystemExitOutsideMain") // Runtime.halt in a hook is the only way to set a status there.
  private void hook() {
    if (ended.getCount() == 0) {
      return;
    }
    worker.interrupt();
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(statusIfTold.getAsInt());
  }
}
