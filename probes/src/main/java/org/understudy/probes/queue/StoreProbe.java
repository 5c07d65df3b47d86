package org.understudy.probes.queue;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Probes;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.StoreSnapshot;
import org.understudy.probes.StoreSource;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks whether the backup can keep what it takes, and whether all that it took is accounted for. */
public final class StoreProbe extends DomainProbe {
    private static final int MOST_SHOWN = 10;
    private static final double MEBIBYTE = 1024.0 * 1024;

    private final StoreSource source;

    /** @param spool its name, which stands where that of a domain does: it keeps the mail of many */
    public StoreProbe(DomainName spool, StoreSource source, Clock clock) {
        super(Probes.STORE, spool, "spool", clock);
        this.source = source;
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        StoreSnapshot store;
        try {
            store = source.read();
        } catch (RuntimeException e) {
            result.unknown("the spool cannot be looked at: " + e.getMessage());
            return;
        }
        result.measurement("free_bytes", (double) store.freeBytes())
                .measurement("ledger_drift", (double) store.drift());
        result.fact("ledger", store.ledger());
        intake(result, store);
        ledger(result, store);
        faults(result, FindingType.SPOOL_DURABILITY_DISABLED, store.durability(), "Mail answered 250 may be lost: ");
        faults(result, FindingType.SPOOL_CORRUPT_ENTRY, store.setAside(), "Not all mail can be read: ");
        faults(result, FindingType.SPOOL_ACCESS_INSECURE, store.access(), "Others can get at stored mail: ");
    }

    private void intake(ResultBuilder result, StoreSnapshot store) {
        Map<String, String> evidence =
                Map.of("free", mebibytes(store.freeBytes()), "reserve", mebibytes(store.reserveBytes()));
        if (!store.accepting()) {
            result.finding(Finding.of(
                    FindingType.SPOOL_REFUSING_MAIL,
                    domain().text(),
                    "The spool takes no mail: " + store.detail(),
                    evidence));
        } else if (store.freeBytes() < 2 * store.reserveBytes()) {
            result.finding(Finding.of(
                    FindingType.SPOOL_DISK_LOW,
                    domain().text(),
                    mebibytes(store.freeBytes()) + " are free for mail, and below " + mebibytes(store.reserveBytes())
                            + " none is taken",
                    evidence));
        }
    }

    private static String mebibytes(long octets) {
        return String.format(Locale.ROOT, "%.0f MiB", octets / MEBIBYTE);
    }

    private void ledger(ResultBuilder result, StoreSnapshot store) {
        if (store.drift() != 0) {
            result.finding(Finding.of(
                    FindingType.SPOOL_ACCOUNTING_MISMATCH,
                    domain().text(),
                    Math.abs(store.drift()) + " unit(s) "
                            + (store.drift() > 0
                                    ? "were accepted and are neither waiting nor settled"
                                    : "are waiting or settled and were never accepted"),
                    Map.of("ledger", store.ledger())));
        }
    }

    private void faults(ResultBuilder result, FindingType type, List<StoreSnapshot.Fault> faults, String begin) {
        if (faults.isEmpty()) {
            return;
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        faults.stream().limit(MOST_SHOWN).forEach(fault -> evidence.put(fault.where(), fault.what()));
        StoreSnapshot.Fault first = faults.get(0);
        String others = faults.size() == 1 ? "" : " (and " + (faults.size() - 1) + " more)";
        result.finding(
                Finding.of(type, domain().text(), begin + first.where() + ": " + first.what() + others, evidence));
    }
}
