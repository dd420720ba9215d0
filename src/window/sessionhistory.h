// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"
#include "models/jobmodel.h"

#include <map>

namespace lk::window {

/// What was done with which file since the program was started.
class SessionHistory final : public QObject
{
    Q_OBJECT

public:
    explicit SessionHistory(models::JobModel &jobs, QObject *parent = nullptr);

    inspect::History of(const Path &path) const;

Q_SIGNALS:
    void changed(const lk::Path &path);

private:
    void take(const Path &path, const operations::Operation &operation, const operations::Report &report);

    std::map<Path, inspect::History> m_histories;
};

}
