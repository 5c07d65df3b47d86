package org.understudy.interop.replies;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A real mail server that has a port for each row. Confined to one thread. */
interface Primary extends AutoCloseable {

    String name();

    List<Row> rows();

    /** Starts it with the configuration of all rows, the first on this port, the others behind it. */
    void start(Path directory, int firstPort) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;

    /** The domain that the mail of a row is for. */
    static String domain(String server, int row) {
        return "r" + row + "." + server + ".test";
    }
}
