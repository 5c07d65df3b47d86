package org.understudy.spool.reception;

/** Content that is on its way, of which the end is known when it is seen. Confined to the session's event loop. */
sealed interface Incoming {

    /**
     * Takes octets.
     *
     * @return the index behind those that are content
     */
    int take(byte[] octets, int from, int to);

    /** True when all of it was taken. */
    boolean isWhole();

    /** What follows DATA, up to the lone dot. */
    final class UpToDot implements Incoming {
        private final ContentScanner scanner;
        private boolean whole;

        UpToDot(ContentScanner.Sink sink) {
            this.scanner = new ContentScanner(sink);
        }

        @Override
        public int take(byte[] octets, int from, int to) {
            int end = scanner.scan(octets, from, to);
            whole = end != ContentScanner.GOES_ON;
            return whole ? end : to;
        }

        @Override
        public boolean isWhole() {
            return whole;
        }

        boolean hasBareCrOrLf() {
            return scanner.hasBareCrOrLf();
        }
    }

    /** What follows BDAT: as many octets as it says. */
    final class Counted implements Incoming {
        private final ContentScanner.Sink sink;
        private long left;

        /** @param sink where the octets go, of which a chunk that is refused has as many as any other */
        Counted(long octets, ContentScanner.Sink sink) {
            this.left = octets;
            this.sink = sink;
        }

        @Override
        public int take(byte[] octets, int from, int to) {
            int length = (int) Math.min(left, to - from);
            if (length > 0) {
                sink.take(octets, from, length);
            }
            left -= length;
            return from + length;
        }

        @Override
        public boolean isWhole() {
            return left == 0;
        }
    }
}
