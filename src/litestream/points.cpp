// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/points.h"

#include "base/text.h"
#include "platform/safefile.h"

#include <QDateTime>

#include <algorithm>
#include <set>
#include <tuple>

namespace lk::litestream {

/// A big database over a slow line; who waits can stop it.
static constexpr std::chrono::hours LongestFetch{24};

static std::string isoTime(Moment moment)
{
    return text::isoTime(std::chrono::nanoseconds(moment.time_since_epoch()).count());
}

static std::vector<Point> pointsOf(const ReplicaContent &content)
{
    std::vector<Point> points;
    std::map<std::string, Moment> begun; // by generation
    for (const SnapshotEntry &snapshot : content.snapshots) {
        const auto [first, isNew] = begun.try_emplace(snapshot.generation, snapshot.created);
        first->second = std::min(first->second, snapshot.created);
        points.push_back({.moment = snapshot.created,
                          .replica = content.replica,
                          .generation = snapshot.generation,
                          .isSnapshot = true});
    }
    for (const SegmentEntry &segment : content.segments) {
        const auto first = begun.find(segment.generation);
        if (first != begun.end() && segment.created >= first->second)
            points.push_back({.moment = segment.created, .replica = content.replica, .generation = segment.generation});
    }
    std::ranges::stable_sort(points, [](const Point &a, const Point &b) {
        return std::tie(b.moment, a.generation, b.isSnapshot) < std::tie(a.moment, b.generation, a.isSnapshot);
    });
    const auto same = std::ranges::unique(points, [](const Point &a, const Point &b) {
        return a.moment == b.moment && a.generation == b.generation; // the first one is the snapshot, if one is
    });
    points.erase(same.begin(), same.end());
    std::set<std::string> ended;
    for (Point &point : points)
        point.isLast = ended.insert(point.generation).second;
    return points;
}

std::vector<Point> pointsOf(const std::vector<ReplicaContent> &contents)
{
    std::vector<Point> points;
    for (const ReplicaContent &content : contents)
        std::ranges::copy(pointsOf(content), std::back_inserter(points));
    std::ranges::stable_sort(points, std::ranges::greater(), &Point::moment);
    return points;
}

Result<Point> pointAt(const std::vector<ReplicaContent> &contents, std::optional<Moment> moment,
                      const std::string &replica, const Path &database)
{
    const auto isMeant = [&](const ReplicaContent &content) { return replica.empty() || content.replica == replica; };
    if (std::ranges::none_of(contents, isMeant))
        return fail(ErrorCode::NotFound, Reason::UnknownReplica, database, {replica});
    for (const Point &point : pointsOf(contents)) {
        if ((!moment || point.moment <= *moment) && (replica.empty() || point.replica == replica))
            return point;
    }
    for (const ReplicaContent &content : contents) {
        if (isMeant(content) && !content.error.empty())
            return fail(ErrorCode::Io, Reason::ReplicaFailed, database, {content.replica, content.error});
    }
    const std::string when =
        isoTime(moment.value_or(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())));
    return fail(ErrorCode::NotFound, Reason::NothingRestorable, database,
                {replica.empty() ? contents.front().replica : replica, when});
}

std::optional<Moment> momentFrom(std::string_view text, Moment now)
{
    const QString said = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    const auto momentOf = [](const QDateTime &time) { return Moment(std::chrono::seconds(time.toSecsSinceEpoch())); };
    for (const QString &format : {QStringLiteral("HH:mm"), QStringLiteral("HH:mm:ss")}) {
        const QTime time = QTime::fromString(said, format);
        if (!time.isValid())
            continue;
        const QDateTime before = QDateTime::fromSecsSinceEpoch(now.time_since_epoch().count());
        QDateTime then(before.date(), time);
        if (then > before)
            then = QDateTime(before.date().addDays(-1), time);
        return momentOf(then);
    }
    for (const QString &format : {QStringLiteral("yyyy-MM-dd HH:mm"), QStringLiteral("yyyy-MM-dd HH:mm:ss")}) {
        if (const QDateTime time = QDateTime::fromString(said, format); time.isValid())
            return momentOf(time);
    }
    const QDateTime time = QDateTime::fromString(said, Qt::ISODate);
    return time.isValid() && said.contains(u'T') ? std::optional(momentOf(time)) : std::nullopt;
}

/// What Litestream is told. It knows no moment after a generation's last change, so that one is asked for without a
/// time; and all that arrived within the second belongs to it.
static std::vector<std::string> argumentsFor(const Database &database, const Point &point, const Path &to)
{
    std::vector<std::string> arguments{"-replica", point.replica, "-generation", point.generation, "-o", to.native()};
    if (!point.isLast) {
        std::string until = isoTime(point.moment);
        until.insert(until.size() - 1, ".999999999");
        arguments.insert(arguments.end(), {"-timestamp", until});
    }
    arguments.push_back(database.path.native());
    return arguments;
}

Result<void> fetch(const Access &access, const Database &database, const Point &point, const Path &to,
                   std::stop_token stop)
{
    if (platform::status(to))
        return fail(ErrorCode::Refused, Reason::TargetExists, database.path, {to.native()});
    const Result<platform::Ran> ran =
        platform::run(access.launch("restore", argumentsFor(database, point, to)), LongestFetch, std::move(stop));
    const bool arrived = ran && ran->status == 0 && platform::status(to).has_value();
    for (const char *litter : {".tmp", ".tmp-wal", ".tmp-shm", ".tmp-journal"})
        platform::removeFile(to.native() + litter);
    if (arrived)
        return {};
    platform::removeFile(to);
    if (!ran)
        return std::unexpected(ran.error());
    return fail(ErrorCode::Io, Reason::ReplicaFailed, database.path, {point.replica, complaintOf(*ran)});
}

}
