// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/sessionhistory.h"

#include <string_view>

namespace lk::window {

using namespace std::literals;

SessionHistory::SessionHistory(models::JobModel &jobs, QObject *parent)
    : QObject(parent)
{
    connect(&jobs, &models::JobModel::fileFinished, this, &SessionHistory::take);
}

inspect::History SessionHistory::of(const Path &path) const
{
    const auto found = m_histories.find(path);
    return found == m_histories.end() ? inspect::History() : found->second;
}

void SessionHistory::take(const Path &path, const operations::Operation &operation, const operations::Report &report)
{
    if (report.status != operations::Status::Done)
        return;
    const auto now = std::chrono::system_clock::now();
    if (operation.id == "check"sv) {
        const operations::FieldValue *verdict = report.field("verdict");
        inspect::History &history = m_histories[path];
        history.lastCheck = now;
        history.lastCheckOk = verdict && *verdict == operations::FieldValue("ok"s);
    } else if (operation.id == "backup"sv) {
        m_histories[path].lastBackup = now;
    } else {
        return;
    }
    Q_EMIT changed(path);
}

}
