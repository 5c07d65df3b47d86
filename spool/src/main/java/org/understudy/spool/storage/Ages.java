package org.understudy.spool.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueAges;

/** Sorts what is not settled into classes of age. Ids are made of time, so that the partial indexes say it all. Stateless. */
final class Ages {
    private Ages() {}

    private record Row(String domain, List<Long> olderThan) {}

    static QueueAges of(Handle handle, List<Duration> limits, Instant now) {
        String columns = limits.stream()
                .map(limit -> "SUM(message < " + QueueIds.first(now.minus(limit)) + ")")
                .collect(Collectors.joining(", "));
        Map<DomainName, List<Long>> domains = new TreeMap<>();
        for (String part : IndexCodes.OPEN_PARTS) {
            handle
                    .createQuery(
                            "SELECT domain, COUNT(*), " + columns + " FROM unit WHERE " + part + " GROUP BY domain")
                    .map((rs, context) -> row(rs, limits.size()))
                    .list()
                    .stream()
                    .filter(row -> !row.domain.isEmpty())
                    .forEach(row -> domains.merge(new DomainName(row.domain), classes(row.olderThan), Ages::sum));
        }
        return new QueueAges(limits, domains);
    }

    private static Row row(ResultSet rs, int limits) throws SQLException {
        List<Long> olderThan = new ArrayList<>();
        for (int column = 0; column <= limits; column++) {
            olderThan.add(rs.getLong(2 + column));
        }
        return new Row(rs.getString(1), olderThan);
    }

    /** From numbers of units that are older than nothing, than the first limit, and so on. */
    private static List<Long> classes(List<Long> olderThan) {
        List<Long> classes = new ArrayList<>();
        for (int i = 0; i < olderThan.size(); i++) {
            classes.add(olderThan.get(i) - (i + 1 < olderThan.size() ? olderThan.get(i + 1) : 0));
        }
        return classes;
    }

    private static List<Long> sum(List<Long> a, List<Long> b) {
        List<Long> sum = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            sum.add(a.get(i) + b.get(i));
        }
        return sum;
    }
}
