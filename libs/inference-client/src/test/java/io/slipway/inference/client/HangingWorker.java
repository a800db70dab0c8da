package io.slipway.inference.client;

/** A process with a worker that takes calls and never answers; it prints its port. */
final class HangingWorker {

  private HangingWorker() {}

  public static void main(String[] args) throws Exception {
    WorkerUnderTest worker = new WorkerUnderTest("doomed");
    worker.behaviour = WorkerUnderTest.Behaviour.WAIT;
    System.out.println("address=" + worker.replica().getAddress());
    while (worker.calls.get() == 0) {
      Thread.onSpinWait();
    }
    System.out.println("called");
    Thread.currentThread().join();
  }
}
