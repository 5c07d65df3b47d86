package org.understudy.agent.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.agent.cli.StartupException;
import org.understudy.agent.config.TlsSection;

/**
 * The certificate in two PEM files that are replaced while we run, as every renewal does. The files are looked at when a
 * handshake begins, not more often than the interval says; a pair that cannot be used leaves the one before in use. Sessions
 * that are open keep what they began with. Thread-safe.
 */
public final class CertificateFiles implements Supplier<SSLContext> {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);

    private final TlsSection files;
    private final long intervalNanos;
    /** Whoever finds it taken goes on with what there is. */
    private final ReentrantLock looking = new ReentrantLock();

    private volatile SSLContext context;
    private volatile Optional<String> trouble = Optional.empty();
    private List<Stamp> seen;
    private long lastLook = System.nanoTime();

    /** What tells one version of a file from another without reading it. */
    private record Stamp(
            @Nullable FileTime modified,
            long size,
            @Nullable Object file) {
        static Stamp of(Path path) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (IOException e) {
                return new Stamp(null, -1, null);
            }
        }
    }

    private CertificateFiles(TlsSection files, Duration interval) {
        this.files = files;
        this.intervalNanos = interval.toNanos();
        // Before they are read: a change in between is then found at the next look.
        this.seen = stamps();
        this.context = ServerCertificate.fromFiles(files);
    }

    /**
     * Reads the files.
     *
     * @param interval between two looks at least
     * @throws StartupException if they cannot be used
     */
    public static CertificateFiles open(TlsSection files, Duration interval) {
        return new CertificateFiles(files, interval);
    }

    @Override
    public SSLContext get() {
        if (looking.tryLock()) {
            try {
                long now = System.nanoTime();
                if (now - lastLook >= intervalNanos) {
                    lastLook = now;
                    look();
                }
            } finally {
                looking.unlock();
            }
        }
        return context;
    }

    /** Why the files as they are now are not in use; empty if they are. */
    public Optional<String> trouble() {
        get();
        return trouble;
    }

    private void look() {
        List<Stamp> stamps = stamps();
        if (stamps.equals(seen)) {
            return;
        }
        seen = stamps;
        try {
            context = ServerCertificate.fromFiles(files);
            trouble = Optional.empty();
            LOG.info("the certificate in {} is in use from now on", files.certificateFile());
        } catch (StartupException e) {
            trouble = Optional.of(e.getMessage() + " The certificate before it stays in use.");
            LOG.warn("{} The certificate before it stays in use.", e.getMessage());
        }
    }

    private List<Stamp> stamps() {
        return List.of(Stamp.of(files.certificateFile()), Stamp.of(files.keyFile()));
    }
}
