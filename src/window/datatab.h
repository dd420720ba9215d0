// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/rowsmodel.h"
#include "models/schemamodel.h"
#include "window/inspectortab.h"

namespace Ui {
class DataTab;
}

namespace lk::window {

/// Tables, views, indexes and triggers with their SQL, and a table's rows page by page. Nothing is edited, and a view
/// never evaluated; other programs are offered for that.
class DataTab final : public InspectorTab
{
    Q_OBJECT

public:
    explicit DataTab(Questions &questions, QWidget *parent = nullptr);
    ~DataTab() override;

protected:
    void showFacts() override;
    void clear() override;

private:
    void setUpObjects();
    void setUpRows();
    void setUpOpening();
    void showObject();
    void readRows(inspect::RowsRequest request);
    void showRows(const Result<inspect::RowsPage> &page);
    void openFolder() const;
    void openInBrowser() const;

    std::unique_ptr<Ui::DataTab> m_ui;
    models::SchemaModel m_objects;
    models::RowsModel m_rows;
    QString m_browser;    ///< the program's path; empty if it isn't there
    std::string m_wanted; ///< the name of the object that was chosen, for when the facts are renewed
    jobs::JobId m_reading = 0;
};

}
