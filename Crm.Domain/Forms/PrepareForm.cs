// Saving a form: a new one gets its public key, and every field must lead somewhere a form may write.

using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

public static class PrepareForm
{
    public static ValueTask<Form> Run(UnitOfWork work, Form? before, Form form, FieldErrors errors, CancellationToken cancel)
    {
        PlannedField.Check(form, work.Settings, errors);
        return new(form.Key.Length == 0 ? form with { Key = PublicKey.New() } : form);
    }
}
