package org.understudy.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program of the JDK that makes certificates, which has no public API for that. Stateless. */
public final class Keytool {
    /** Of all stores that are made. */
    public static final String PASSWORD = "changeit";

    private Keytool() {}

    /** Makes a key of an elliptic curve and its certificate in a store, which may be there already. */
    public static void generate(Path store, String alias, String... arguments) {
        List<String> command = new ArrayList<>(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of(arguments));
        run(store, alias, "-genkeypair", command);
    }

    /** Makes an RSA key of so many bits, and its certificate, in a new store. */
    public static void generateRsa(Path store, String alias, int bits, String subject) {
        run(
                store,
                alias,
                "-genkeypair",
                List.of("-keyalg", "RSA", "-keysize", Integer.toString(bits), "-dname", subject));
    }

    /** Writes a certificate of a store as PEM. */
    public static void export(Path store, String alias, Path file) {
        run(store, alias, "-exportcert", List.of("-rfc", "-file", file.toString()));
    }

    private static void run(Path store, String alias, String what, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                // It lives for a moment.
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                what,
                "-alias",
                alias,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
