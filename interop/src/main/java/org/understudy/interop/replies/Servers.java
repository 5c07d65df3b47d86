package org.understudy.interop.replies;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Commands of the system. Stateless. */
final class Servers {

    private Servers() {}

    /** Runs one to its end. */
    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
    }
}
