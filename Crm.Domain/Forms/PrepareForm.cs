// Saving a form: a new one gets its public key, and every field must lead somewhere a form may write.

using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

public static class PrepareForm
{
    public static ValueTask<Resource> Run(UnitOfWork work, Resource? before, Resource after, FieldErrors errors, CancellationToken cancel)
    {
        var form = (Form)after;
        PlannedField.Check(form, work.Settings, errors);
        return new(form.Key.Length == 0 ? form with { Key = Form.NewKey() } : form);
    }
}
